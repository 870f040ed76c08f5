"""Writing the corpus: an import is gathered beside it, then merged into it at once."""
