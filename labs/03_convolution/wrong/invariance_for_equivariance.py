# score: 90-90
# caught by: equivariance_defect
# Only the image is moved: that measures invariance.

# %% tags=["task:shifts"]
def max_pool(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    blocks = image[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return np.max(blocks, axis=(1, 3))


def equivariance_defect(function, image, shift, stride=1, margin=0):
    maps = function(image)
    difference = function(np.roll(image, shift, axis=1)) - maps
    inner = difference[:, margin : difference.shape[1] - margin]
    return np.max(np.abs(inner)) / np.max(np.abs(maps))
