"""The wire: requests, replies and failures as values. Pure."""
