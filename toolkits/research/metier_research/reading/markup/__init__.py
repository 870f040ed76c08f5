"""HTML as a page: what is seen of it, its main text, its tables, links and dates."""
