"""Whole runs, from data to figures, that the command line and the benchmarks share."""
