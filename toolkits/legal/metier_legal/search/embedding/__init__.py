"""The optional second opinion of a search: vectors of any OpenAI-compatible endpoint, fused with the lexical hits."""
