"""Finding a place by what a person types: folding, comparing, measuring. Pure."""
