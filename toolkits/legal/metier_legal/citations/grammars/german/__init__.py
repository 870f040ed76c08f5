"""German citations: paragraphs and articles of laws, decisions by docket, reporters."""
