"""Pages that a script makes, rendered by a Chromium of this machine that reaches only what a fetch could."""
