"""Formats of decided cases, each a stream of batches."""
