# score: 92-92
# caught by: correlate_same
# Beyond the border the last pixel is repeated, where zeros were asked for.

# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    rows, columns = kernel.shape[:2]
    if padding == "same":
        frame = ((rows // 2, rows // 2), (columns // 2, columns // 2), (0, 0))
        image = np.pad(image, frame, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(image, (rows, columns), axis=(0, 1))
    return np.einsum("rscij,ijcf->rsf", windows, kernel)
