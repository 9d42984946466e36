# score: 93-93
# caught by: max_pool
# The search starts at zero, so that negative values are lost.

# %% tags=["task:shifts"]
def max_pool(image, size):
    pooled = np.zeros((image.shape[0] // size, image.shape[1] // size, image.shape[2]))
    for i in range(size):
        for j in range(size):
            part = image[i::size, j::size][: pooled.shape[0], : pooled.shape[1]]
            pooled = np.maximum(pooled, part)
    return pooled


def equivariance_defect(function, image, shift, stride=1, margin=0):
    maps = function(image)
    difference = function(np.roll(image, shift, axis=1)) - np.roll(maps, shift // stride, axis=1)
    inner = difference[:, margin : difference.shape[1] - margin]
    return np.max(np.abs(inner)) / np.max(np.abs(maps))
