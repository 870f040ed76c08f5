"""Wikitext as text: what a reader of the wiki sees, as far as it can be had without running its templates. Pure."""
