"""What is judged of each authority of a statement: that it is there, read, pinned, in force, quoted, good and whole."""
