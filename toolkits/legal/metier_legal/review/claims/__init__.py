"""What a document claims of the law: its citations, and the quotes that belong to each. Pure."""
