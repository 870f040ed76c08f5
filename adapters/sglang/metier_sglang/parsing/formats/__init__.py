"""One file per family of weights: how it writes tool calls, read and written."""
