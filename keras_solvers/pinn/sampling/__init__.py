"""Where the points of a training are."""
