# score: 90-90
# caught by: interpolate
# Pixels are blended, then sent through the model.

# %% tags=["task:interpolate"]
def interpolate(model, first, last, num_steps):
    t = np.linspace(0.0, 1.0, num_steps)[:, None, None, None]
    return model.predict((1.0 - t) * first + t * last, verbose=0)
