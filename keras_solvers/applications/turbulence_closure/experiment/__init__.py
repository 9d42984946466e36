"""The run: closures beside each other on a flow that was left out."""
