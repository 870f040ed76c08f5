"""What is judged of each statement as a whole: its shape, what it names, its weight, and that its quotes bear it."""
