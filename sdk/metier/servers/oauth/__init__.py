"""Logging in to HTTP servers by OAuth 2.1, as a person through a browser or as a program."""

from metier.servers.oauth.login import make_auth
from metier.servers.oauth.revocation import forget
from metier.servers.oauth.store import logged_in

__all__ = ["forget", "logged_in", "make_auth"]
