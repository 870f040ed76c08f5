"""Reading what came: bytes to a page, a page to passages, a quote to its place. Pure of network."""
