# %% tags=["task:fit"]
def fit(river, samples, first):
    def value(logarithms):
        return misfit(*np.exp(logarithms), river, samples)[0]

    def slope(logarithms):
        d, r = np.exp(logarithms)
        _, one, other = misfit(d, r, river, samples)
        return np.array([d * one.sum(), r * other.sum()])

    bounds = [(np.log(k) - 4.0, np.log(k) + 4.0) for k in first]
    tight = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
    found = minimize(value, np.log(first), jac=slope, method="TNC", bounds=bounds, options=tight)
    again = minimize(value, found.x, jac=slope, method="BFGS", options={"gtol": 1e-7})
    return np.exp(again.x)


# %% tags=["task:network"]
def make_problem(river, samples, first):
    def flux(c, ln_dispersion):
        return river.velocity * c - np.exp(ln_dispersion) * c.x

    def residual(x, c, ln_dispersion, ln_decay):
        return flux(c, ln_dispersion).x + c * np.exp(ln_decay) - river.load(x.x)

    # The deviation as weight 1 and places, values and deviations scaled once for all.
    scaled = np.stack([samples[:, 0], samples[:, 1] / samples[:, 2], 1.0 / samples[:, 2]], axis=1)
    seen = Condition(lambda x, c: 10.0 * (c * x.column(2) - x.values), None, 0.01 * TRUST, scaled)
    return PDE(
        geometry=Box(x=(0.0, river.length)),
        residual=residual,
        conditions=(
            seen,
            Condition(lambda x, c: c.x, lambda x: x.x > 0.5 * river.length),
            Condition(lambda x, c: c - river.inlet, lambda x: x.x < 0.5 * river.length),
        ),
        coefficients={"ln_decay": np.log(first[1]), "ln_dispersion": np.log(first[0])},
    )


def train(network, problem, epochs):
    model = PINN(network, problem)
    points = problem.sample(160, num_boundary=1, seed=3, sequence="sobol")
    model.compile(LevenbergMarquardt(damping=1e-3))
    model.fit(points, epochs=epochs, verbose=0)
    return model, points
