"""How English asks for relations and states them, and what a question means by that."""
