"""Looking at the runs that are kept."""
