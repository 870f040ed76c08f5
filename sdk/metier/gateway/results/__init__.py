"""What comes back from a call: written to bytes, cleared of secrets, shown in part, read in pages."""
