"""What formats are read and written with: text that arrives in pieces, JSON in it, thinking, and events."""
