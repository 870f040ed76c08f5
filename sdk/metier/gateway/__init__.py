"""The envelope round every tool call: cache, limits, retries, failover, and a record of each."""
