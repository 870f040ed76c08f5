"""Measurements, as ratios taken side by side. Never part of the test run: `make bench` prints them all."""
