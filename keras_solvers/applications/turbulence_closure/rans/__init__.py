"""Solvers of developed RANS flows with any closure of the Reynolds stresses."""
