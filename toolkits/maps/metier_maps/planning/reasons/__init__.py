"""Requirements one by one: what each says, what a trip would be without it, and which cannot hold together."""
