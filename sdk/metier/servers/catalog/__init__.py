"""The catalog of registered servers: the user's file and the project's, trust in it, secrets, and others' formats."""

from metier.servers.catalog.book import Catalog, Entry

__all__ = ["Catalog", "Entry"]
