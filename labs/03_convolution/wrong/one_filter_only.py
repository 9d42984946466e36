# score: 90-90
# caught by: correlate_channels
# Written for one filter; the others repeat it.

# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    rows, columns, _, filters = kernel.shape
    if padding == "same":
        image = np.pad(image, ((rows // 2, rows // 2), (columns // 2, columns // 2), (0, 0)))
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    maps = np.zeros((height, width, filters))
    for r in range(height):
        for s in range(width):
            maps[r, s] = np.sum(image[r : r + rows, s : s + columns] * kernel[..., 0])
    return maps
