# score: 92-92
# caught by: certified_steps certified_whatever
# The network is asked in every step.

# %% tags=["task:certified"]
def certified(b, weights, precondition, p, tolerance=1e-8, trust=20, max_steps=1000):
    """Flexible conjugate gradients for `A p = b` from the guess `p`.

    `z = precondition(r)` in the first `trust` steps, then `z = r`.

    Returns the pressure and its certificates, `(steps + 1, batch)`, that of the guess first.
    """
    direction = image = np.zeros_like(b)
    certificates = []
    while True:
        residual = b - operator(p, weights)
        certificates.append(np.sqrt(ratio(dot(residual, residual), dot(b, b)))[:, 0, 0])
        if np.max(certificates[-1]) <= tolerance or len(certificates) > max_steps:
            return p, np.array(certificates)
        z = precondition(residual)
        direction = z - ratio(dot(z, image), dot(direction, image)) * direction
        image = operator(direction, weights)
        p = p + ratio(dot(direction, residual), dot(direction, image)) * direction
