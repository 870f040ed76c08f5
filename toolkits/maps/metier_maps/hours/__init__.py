"""Opening hours, sun, holidays and time zones."""
