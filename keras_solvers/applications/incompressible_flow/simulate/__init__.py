"""Operators on a state of a flow, put together to a step, rolled out."""
