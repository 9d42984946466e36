"""Reynolds-averaged flows with any closure of the stresses, solved to convergence."""
