"""Classic solvers of the pressure projection."""
