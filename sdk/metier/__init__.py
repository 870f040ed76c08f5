"""metier: domain agents that can prove what they say."""
