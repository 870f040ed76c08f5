"""Looking at servers: their state, and how fast they are."""
