"""The table of authorities, read off the evidence."""
