"""The statutes of the fictional country: written in a small markup, drafted for a country of a seed."""
