"""Wikis on this machine: files made once from a dump or a generated world, then searched and read without a network."""
