"""What a statement says held against the words that it cites: numbers, names, denials. Pure."""
