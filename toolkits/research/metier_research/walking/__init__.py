"""Walking a site: click by click from page to page, keeping only what helps with the question."""
