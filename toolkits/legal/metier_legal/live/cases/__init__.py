"""CourtListener: search, decisions, and what its citation look-up says."""
