"""Simulated flows with their resolved stresses."""
