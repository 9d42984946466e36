# score: 90-90
# caught by: kernels
# The derivative along a column.

# %% tags=["task:kernels"]
def box_kernel(size):
    return np.ones((size, size)) / size**2


def sharpen_kernel(strength):
    kernel = -strength * box_kernel(3)
    kernel[1, 1] += 1.0 + strength
    return kernel


def edge_kernel():
    return np.array([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]]) / 8.0
