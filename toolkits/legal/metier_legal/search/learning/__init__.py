"""Learning from past questions by counting terms: no weights, no model."""
