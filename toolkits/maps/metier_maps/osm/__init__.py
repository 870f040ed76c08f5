"""Reading OpenStreetMap files."""
