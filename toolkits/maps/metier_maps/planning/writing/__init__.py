"""From the numbers of a plan back to an itinerary that can be read and checked."""
