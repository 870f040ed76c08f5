"""The memo as a word processor opens it."""
