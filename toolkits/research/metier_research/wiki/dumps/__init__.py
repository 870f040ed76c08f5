"""Real dumps as entries of a wiki, read as streams: MediaWiki's XML export, ZIM files, JSON lines."""
