"""What the fake model says: its tokenizer, its script, its grammars, and where a sample ends."""
