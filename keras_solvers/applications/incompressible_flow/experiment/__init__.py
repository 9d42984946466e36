"""The runs: pressure solvers side by side, and a plume of smoke."""
