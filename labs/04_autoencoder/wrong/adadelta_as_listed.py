# score: 80-80
# caught by: train_quality denoise_quality
# The optimizer of the old listing, at the rate of today.

# %% tags=["task:train"]
def train_autoencoder(model, inputs, targets, epochs):
    model.compile("adadelta", loss="mse", jit_compile=False)
    model.fit(inputs, targets, batch_size=32, epochs=epochs, verbose=0)
    return model
