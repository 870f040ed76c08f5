"""Serving tools to other hosts."""
