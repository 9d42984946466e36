# score: 90-90
# caught by: correlate_channels
# The image is turned to grey first, and so is the kernel.

# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    rows, columns = kernel.shape[:2]
    if padding == "same":
        image = np.pad(image, ((rows // 2, rows // 2), (columns // 2, columns // 2), (0, 0)))
    grey, kernel = image.mean(axis=-1), kernel.mean(axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(grey, (rows, columns))
    return np.einsum("rsij,ijf->rsf", windows, kernel)
