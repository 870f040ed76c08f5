"""Fields of answers that nobody validated: words, dates, addresses and languages. Pure."""
