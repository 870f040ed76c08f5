"""The law as values: works, provisions in their versions, cases, and how authorities rank. Pure."""
