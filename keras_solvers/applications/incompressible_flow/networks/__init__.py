"""Networks for the pressure, and their layers."""
