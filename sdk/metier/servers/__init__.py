"""Tool servers: connections to them, the tools they give, and serving one's own."""
