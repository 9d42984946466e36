"""Layers of closures: invariants, tensor bases, realizability and ensemble means."""
