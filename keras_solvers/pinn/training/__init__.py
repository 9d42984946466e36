"""The training of coordinate networks: its loop, and weights that follow it."""
