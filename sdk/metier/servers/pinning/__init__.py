"""What a person has approved of a server's tools, and what in a listing of tools deserves a second look."""
