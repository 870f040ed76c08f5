"""CourtListener: API v4 JSON, bulk CSV, and its opinions as JSON lines."""
