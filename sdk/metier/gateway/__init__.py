"""The envelope round every tool call: cache, limits, retries, failover, and a record of each.

Every call, local or remote, passes in this order: budget (a deadline for the whole call) -> cache -> single flight;
then for each provider in order, and each attempt: rate limit -> quota -> breaker -> timeout, with a pause between
attempts; then the next provider. What comes back loses its secrets and, when it is long, is shown in part; its
evidence stays whole. The names: `gateway.Gateway` makes `envelope.Envelope`s, from `providing.Provided`.
"""
