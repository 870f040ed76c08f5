"""Fastest ways through a network of roads."""
