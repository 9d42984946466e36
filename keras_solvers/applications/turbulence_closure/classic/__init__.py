"""Closures without a network."""
