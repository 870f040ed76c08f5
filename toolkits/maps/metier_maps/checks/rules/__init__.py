"""The rules themselves, one file for each group."""
