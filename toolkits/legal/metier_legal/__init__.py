"""Legal research with citations that are enforced, as a toolkit of metier."""
