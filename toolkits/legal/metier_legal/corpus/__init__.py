"""The store of the law: works, provisions in all versions, cases, and who cites whom."""
