# score: 93-93
# caught by: max_pool
# The mean of each block.

# %% tags=["task:shifts"]
def max_pool(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    blocks = image[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return np.mean(blocks, axis=(1, 3))


def equivariance_defect(function, image, shift, stride=1, margin=0):
    maps = function(image)
    difference = function(np.roll(image, shift, axis=1)) - np.roll(maps, shift // stride, axis=1)
    inner = difference[:, margin : difference.shape[1] - margin]
    return np.max(np.abs(inner)) / np.max(np.abs(maps))
