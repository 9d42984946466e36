# %% tags=["task:multigrid"]
class Level:
    """One grid: its weights, and the diagonal of its operator."""

    def __init__(self, weights):
        self.weights = weights
        ones = np.ones((len(weights[0]), weights[1].shape[1], weights[0].shape[2]))
        wx, wy = weights
        self.diagonal = (wx[:, 1:] + wx[:, :-1] + wy[:, :, 1:] + wy[:, :, :-1]) * ones
        self.fluid = self.diagonal > 0.0

    def change(self, b, p):
        """What makes each cell's own equation hold."""
        residual = b - operator(p, self.weights)
        return np.divide(residual, self.diagonal, out=np.zeros_like(residual), where=self.fluid)

    def jacobi(self, b, p, count):
        """Damped Jacobi: all cells at once, so no order of colours."""
        for _ in range(count):
            p = p + 0.8 * self.change(b, p)
        return p


def half_sweep(b, p, weights, colour):
    board = np.add.outer(np.arange(p.shape[1]), np.arange(p.shape[2])) % 2
    return np.where(board == colour, p + Level(weights).change(b, p), p)


def cycle(b, p, weights, num_sweeps=1):
    level = Level(weights)
    if min(p.shape[1:]) <= 2:
        return level.jacobi(b, p, 60)
    p = level.jacobi(b, p, 2 * num_sweeps)
    rest = sum_of_children(b - operator(p, weights))
    p = p + to_children(cycle(rest, np.zeros(rest.shape), coarser(weights), num_sweeps))
    return level.jacobi(b, p, 2 * num_sweeps)


# %% tags=["task:train"]
def train(network, x, epochs):
    solver = NeuralSolver(network, Handmade())
    rate = keras.optimizers.schedules.PolynomialDecay(0.08, epochs * 12, 1e-3)
    solver.compile(keras.optimizers.Adam(rate, beta_2=0.99))
    rng = np.random.default_rng(0)
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), 12):
            solver.train_on_batch(x[batch])


# %% tags=["task:certified"]
class Search:
    """The state of conjugate gradients."""

    def __init__(self, b, weights, p):
        self.b, self.weights, self.p = b, weights, p
        self.direction, self.image = 0.0 * b, 0.0 * b
        self.residual = b - operator(p, weights)

    @property
    def certificate(self):
        return np.sqrt(np.sum(self.residual**2, (1, 2)) / np.sum(self.b**2, (1, 2)))

    def follow(self, z):
        share = ratio(dot(z, self.image), dot(self.direction, self.image))
        self.direction = z - share * self.direction
        self.image = operator(self.direction, self.weights)
        length = ratio(dot(self.direction, self.residual), dot(self.direction, self.image))
        self.p = self.p + length * self.direction
        self.residual = self.b - operator(self.p, self.weights)


def certified(b, weights, precondition, p, tolerance=1e-8, trust=20, max_steps=1000):
    search = Search(b, weights, p)
    certificates = [search.certificate]
    while certificates[-1].max() > tolerance and len(certificates) <= max_steps:
        asked = len(certificates) <= trust
        search.follow(precondition(search.residual) if asked else search.residual)
        certificates.append(search.certificate)
    return search.p, np.array(certificates)
