"""How the truth is written down: the articles of the wiki, its surveys and yearbooks, copies and traps."""
