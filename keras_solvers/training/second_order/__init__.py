"""Optimizers of least-squares problems: they see all residuals, not only the gradient."""
