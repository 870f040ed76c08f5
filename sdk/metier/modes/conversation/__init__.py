"""A conversation of a model with tools, step by step: what every mode is made of."""
