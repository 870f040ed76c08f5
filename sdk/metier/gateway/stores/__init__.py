"""What the envelope keeps on disk: answers by key, and whole results by handle."""
