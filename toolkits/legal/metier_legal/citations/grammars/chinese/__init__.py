"""Chinese citations: laws with articles, paragraphs and items, case numbers, guiding and reference cases."""
