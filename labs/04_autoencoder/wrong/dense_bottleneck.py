# score: 70-90
# caught by: ae_convolutional
# The code is made and read by dense layers, for one size only.

# %% tags=["task:autoencoder"]
def build_autoencoder(code_channels, seed):
    keras.utils.set_random_seed(seed)
    image = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(16, 4, strides=2, padding="same", activation="relu")(image)
    x = keras.layers.Conv2D(16, 4, strides=2, padding="same", activation="relu")(x)
    x = keras.layers.Dense(16 * code_channels)(keras.layers.Flatten()(x))
    x = keras.layers.Reshape((4, 4, code_channels))(x)
    encoder = keras.Model(image, x, name="encoder")
    code = keras.Input((4, 4, code_channels))
    x = keras.layers.Dense(7 * 7 * 16, activation="relu")(keras.layers.Flatten()(code))
    x = keras.layers.Reshape((7, 7, 16))(x)
    x = keras.layers.Conv2DTranspose(16, 4, strides=2, padding="same", activation="relu")(x)
    x = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same")(x)
    decoder = keras.Model(code, x, name="decoder")
    return keras.Model(image, decoder(encoder(image)))
