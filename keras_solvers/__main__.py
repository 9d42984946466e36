"""`python -m keras_solvers`: the command line."""

from keras_solvers.cli.main import run_command

run_command()
