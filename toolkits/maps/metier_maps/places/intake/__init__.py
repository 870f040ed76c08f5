"""From a map file to the folder of a region."""
