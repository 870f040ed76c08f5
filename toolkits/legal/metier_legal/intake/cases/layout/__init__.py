"""How decisions are laid out, and the paragraphs that come of it. Pure."""
