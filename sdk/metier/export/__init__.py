"""Runs as data for training: rows in the formats of other people's trainers, with a card that says what is in them."""
