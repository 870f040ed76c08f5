"""The maps projection of the fictional country."""
