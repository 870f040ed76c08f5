"""The formats of legislation, one module each."""
