"""Layers and networks of coordinates."""
