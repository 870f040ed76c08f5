"""The conversation as tokens: templates, vocabularies, masks. Pure but for reading a tokenizer's files."""
