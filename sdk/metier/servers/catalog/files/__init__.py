"""Files with servers: reading them with a cap, changing them in place, and where they lie."""
