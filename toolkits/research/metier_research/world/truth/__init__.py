"""What is so in the fictional country of the wiki: things, facts between them, and where its pages go wrong."""
