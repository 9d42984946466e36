"""Optimizers that see all residuals at once, and weights that follow a training."""
