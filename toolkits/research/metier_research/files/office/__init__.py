"""Documents of office programs (ECMA-376), read without running anything that is in them."""
