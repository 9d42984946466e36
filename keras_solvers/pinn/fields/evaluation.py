"""Points at which fields are evaluated."""

from keras import ops


class Evaluation:
    """Points `(num_points, columns)`, and a cache of what has been computed there."""

    def __init__(self, points):
        self.points = points
        self._known = {}

    def once(self, key, compute):
        """The value for `key`, computed when it is first asked for."""
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]

    def full(self, value):
        """`(num_points,)` from such an array, or from one number for all points."""
        return ops.broadcast_to(ops.cast(value, self.points.dtype), (ops.shape(self.points)[0],))
