"""What the words of a claim and of a passage say, by rules: negation, exceptions, numbers, content. Pure."""
