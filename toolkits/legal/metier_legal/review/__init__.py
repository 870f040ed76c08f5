"""Verifying a document that somebody wrote: its citations and quotes, held against the corpus."""
