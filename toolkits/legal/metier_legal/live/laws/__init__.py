"""The sources of legislation: each finds one version of one provision, as of a day."""
