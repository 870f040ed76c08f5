"""Quotes: whether words stand in a text, letter by letter after a stated normalisation. Pure; never fuzzy."""
