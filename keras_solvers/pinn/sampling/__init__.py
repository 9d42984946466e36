"""Samplers: the points of a training, chosen anew while it goes on."""
