"""The models that pydantic-ai and metier are given."""
