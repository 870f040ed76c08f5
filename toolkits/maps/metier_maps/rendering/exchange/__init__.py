"""Files for other programs: GPX, KML, GeoJSON and iCalendar."""
