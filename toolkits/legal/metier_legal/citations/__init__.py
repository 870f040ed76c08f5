"""Legal citations: found in texts with their spans, written from values. Pure."""
