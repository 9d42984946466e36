# score: 90-96
# caught by: velocity
# The rectangle rule instead of the trapezoidal rule.

# %% tags=["task:channel"]
def shear_rate(closure, flow):
    """`dU/dy` at all points, `(n,)`, for which the stresses balance up to rounding."""

    def residual(du_dy):
        b = ops.convert_to_numpy(closure(closure_inputs(du_dy, flow)))
        return flow.viscosity * du_dy - 2.0 * flow.k * b[:, 0, 1] - (1.0 - flow.y)

    low, high = np.zeros_like(flow.y), (1.0 - flow.y) / flow.viscosity
    if np.any(residual(low) > 1e-12) or np.any(residual(high) < -1e-12):
        raise ValueError("The momentum balance of this closure has no root between the bounds.")
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = residual(middle) > 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)


def velocity(du_dy, y):
    """`U` at the points, `(n,)`; it is zero at the wall, `y = 0`."""
    steps = du_dy[1:] * np.diff(y)
    return du_dy[0] * y[0] + np.append(0.0, np.cumsum(steps))
