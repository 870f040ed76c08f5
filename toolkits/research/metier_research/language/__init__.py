"""What a text says, read without a model: its sentences, numbers, dates, names, negations and words. Pure."""
