# score: 77-82
# caught by: residual loss estimate
# The first values in the equation: nothing is left to be found.

# %% tags=["task:network"]
def make_problem(river, samples, first):
    """The `PDE` with all conditions and the coefficients `ln_dispersion` and `ln_decay`."""

    def residual(x, c, ln_dispersion, ln_decay):
        spread = first[0] * c.xx
        return river.velocity * c.x - spread + first[1] * c - river.load(x.x)

    def deviation(x, c):
        return (c - x.values) / x.column(2)

    ends = (
        dirichlet(river.inlet, lambda x: x.x == 0.0),
        neumann(0.0, lambda x: x.x == river.length),
    )
    logarithms = dict(zip(("ln_dispersion", "ln_decay"), np.log(first)))
    conditions = (*ends, Condition(deviation, None, TRUST, samples))
    return PDE(Box(x=(0.0, river.length)), residual, conditions, coefficients=logarithms)


def train(network, problem, epochs):
    """The trained `PINN` and the points of its training."""
    model, points = PINN(network, problem), problem.sample(100, num_boundary=1)
    model.compile(LevenbergMarquardt())
    model.fit(points, epochs=epochs, verbose=0)
    return model, points
