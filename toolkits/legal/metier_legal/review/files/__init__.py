"""The kinds of file that can be verified, each read into a Document."""
