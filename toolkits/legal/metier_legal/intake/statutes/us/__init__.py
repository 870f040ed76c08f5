"""Legislation of the United States and of the District of Columbia."""
