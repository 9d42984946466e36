"""Leave-one-flow-out experiments, and closures in flow solvers."""
