"""A tiny model of our own, for tests: random, or fitted to a handful of dialogues."""
