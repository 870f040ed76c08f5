"""Files made from an itinerary."""
