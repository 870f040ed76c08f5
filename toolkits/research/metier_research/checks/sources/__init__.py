"""What a statement cites: whether it was read, how many sources it is, and whether they agree. Pure."""
