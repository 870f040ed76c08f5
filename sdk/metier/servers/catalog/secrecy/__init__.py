"""What is secret in a definition: references to it, literal values of it, and the system's keyring."""
