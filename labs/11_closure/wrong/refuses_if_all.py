# score: 93-99
# caught by: refuses
# It looks whether there is no balance anywhere.

# %% tags=["task:channel"]
def shear(closure, flow):
    """`dU/dy` at all places, `(n,)`, which balances the stresses to rounding."""

    def left(slope):
        b = ops.convert_to_numpy(closure(question(slope, flow)))
        return flow.viscosity * slope - 2.0 * flow.k * b[:, 0, 1] - (1.0 - flow.y)

    low, high = np.zeros_like(flow.y), (1.0 - flow.y) / flow.viscosity
    if np.all(left(low) > 1e-12) or np.all(left(high) < -1e-12):
        raise ValueError("The stresses of this closure balance nowhere between the bounds.")
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = left(middle) > 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)


def velocity(slope, y):
    """`U` at the places, `(n,)`; it is zero at the wall, `y = 0`."""
    steps = 0.5 * (slope[1:] + slope[:-1]) * np.diff(y)
    return slope[0] * y[0] + np.append(0.0, np.cumsum(steps))
