"""Whether a claim agrees with its quote beyond polarity: who, how far, on what condition, and in what order. Pure."""
