"""The tools, one class each: what they take, what they return, and how that reads."""
