"""Networks for Reynolds stresses."""
