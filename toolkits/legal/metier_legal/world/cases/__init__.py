"""The decided cases of the fictional country: issues, courts, lines of authority, and their texts."""
