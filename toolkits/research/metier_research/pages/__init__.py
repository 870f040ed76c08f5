"""Pages as values: what was read, where it stands, and the evidence made of it. Pure."""
