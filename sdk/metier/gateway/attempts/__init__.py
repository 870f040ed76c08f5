"""Attempts at one provider: what they share, and how each is made."""
