"""Layers of closures: bases, invariants, realizability."""
