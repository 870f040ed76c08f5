"""One turn over the native route: tokens out, tokens in."""
