"""What is remembered: answers and lists of tools, in the cache and in an envelope."""
