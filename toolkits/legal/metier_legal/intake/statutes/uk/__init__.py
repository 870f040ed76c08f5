"""Legislation of the United Kingdom, and Akoma Ntoso."""
