"""Understanding travel requests in plain English and Chinese."""
