# %% [markdown]
# # A small lab
# Two tasks, for the tests of the grader.

# %% tags=["setup"]
import numpy as np

from keras_solvers.grading import check

# %% tags=["given"]
FACTOR = 3.0


# %% tags=["task:scale"]
def scale(x):
    """`FACTOR * x`."""
    # --- solution ---
    return FACTOR * x
    # --- end ---


# %% tags=["check:scale"]
check("scaled ones", lambda: scale(np.ones(2)), target=[3.0, 3.0], hint="Multiply by FACTOR.")


# %% tags=["task:norm"]
def norm(x):
    """Euclidean norm over the last axis."""
    # --- solution ---
    return np.sqrt(np.sum(x**2, axis=-1))
    # --- end ---


# %% tags=["check:norm"]
check("norm of (3, 4)", lambda: norm(np.array([3.0, 4.0])), target=5.0, hint="Pythagoras.")

# %%
print(norm(scale(np.ones(4))))
