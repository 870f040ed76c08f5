"""One grammar for each system of citation. Each has `find(text, names)`, in linear time."""
