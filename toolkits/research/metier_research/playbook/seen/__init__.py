"""What the run has seen: searches, pages as far as they were read, and what these state."""
