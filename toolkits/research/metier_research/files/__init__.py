"""Documents on this machine, below folders that the user named, read as pages."""
