"""The web, asked safely: only public addresses, within limits of time and size, and as its owners wish (robots.txt)."""
