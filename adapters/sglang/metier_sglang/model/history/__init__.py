"""Messages as the model is shown them. Pure."""
