# score: 90-92
# caught by: denoise_quality
# The network learns to restore its inputs, noise included.

# %% tags=["task:train"]
def train_autoencoder(model, inputs, targets, epochs):
    steps = epochs * int(np.ceil(len(inputs) / 32))
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    model.compile(keras.optimizers.Adam(rate), loss="mse", jit_compile=False)
    model.fit(inputs, inputs, batch_size=32, epochs=epochs, verbose=0)
    return model
