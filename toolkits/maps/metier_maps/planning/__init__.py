"""Planning: from a typed request to an itinerary, or to the reason why there is none."""
