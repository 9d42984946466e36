# score: 92-92
# caught by: correlate_same
# The columns are padded by the rows of the kernel.

# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    rows, columns, _, filters = kernel.shape
    if padding == "same":
        image = np.pad(image, ((rows // 2, rows // 2), (rows // 2, rows // 2), (0, 0)))
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    maps = np.zeros((height, width, filters))
    for i in range(rows):
        for j in range(columns):
            maps += image[i : i + height, j : j + width] @ kernel[i, j]
    return maps
