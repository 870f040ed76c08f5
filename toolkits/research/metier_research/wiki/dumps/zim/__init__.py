"""ZIM files (openZIM, version 5 and 6), as Wikipedia is offered for reading without a network."""
