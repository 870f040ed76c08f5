"""A server that answers like SGLang, for tests."""
