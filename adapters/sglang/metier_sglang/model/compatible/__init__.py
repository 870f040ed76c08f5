"""Servers one does not control, over the OpenAI-compatible route."""
