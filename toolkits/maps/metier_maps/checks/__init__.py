"""Checks of an itinerary against evidence."""
