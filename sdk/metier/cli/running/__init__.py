"""Running a request from the command line: steps while it goes, then what came of it, then its files."""
