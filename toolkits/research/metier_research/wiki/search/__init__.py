"""Finding pages by words: what a query asks for, which pages answer best, and what is shown of them."""
