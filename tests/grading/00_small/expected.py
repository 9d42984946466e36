import numpy as np

from keras_solvers.grading import close


def scale(rng):
    x = rng.normal(size=5)
    answer = yield {"x": x}
    return close(answer.array("y", (5,)), 3.0 * x, 1e-9)


def norm(rng):
    x = rng.normal(size=(4, 3))
    answer = yield {"x": x}
    return close(answer.array("y", (4,)), np.linalg.norm(x, axis=-1), 1e-9)
