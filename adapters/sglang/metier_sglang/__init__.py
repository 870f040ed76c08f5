"""SGLang-served weights for metier."""
