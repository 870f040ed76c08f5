"""The words people use for places, as data: which OpenStreetMap tags each one means."""
