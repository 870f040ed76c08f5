"""Search over the law. The index is derived from the store and can be made again from it."""
