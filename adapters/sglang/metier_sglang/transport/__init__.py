"""Speaking to servers: connections, routing, failover."""
