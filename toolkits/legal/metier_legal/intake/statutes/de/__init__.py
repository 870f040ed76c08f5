"""German federal legislation."""
