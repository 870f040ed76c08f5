"""The travel toolkit: plans on real map data, verified line by line."""
