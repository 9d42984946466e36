# score: 80-80
# caught by: ae_code train_quality
# Eight channels, whatever was asked for.

# %% tags=["task:autoencoder"]
def build_autoencoder(code_channels, seed):
    def block(x, layer, filters, size, strides):
        x = layer(filters, size, strides=strides, padding="same", use_bias=False)(x)
        return keras.layers.LeakyReLU(0.2)(keras.layers.BatchNormalization(momentum=0.9)(x))

    keras.utils.set_random_seed(seed)
    image = keras.Input((None, None, 1))
    x = keras.layers.ZeroPadding2D(2)(image)
    for filters in (16, 32, 64):
        x = block(x, keras.layers.Conv2D, filters, 4, strides=2)
    encoder = keras.Model(image, keras.layers.Conv2D(8, 1)(x), name="encoder")

    code = keras.Input((None, None, 8))
    x = block(code, keras.layers.Conv2D, 64, 3, strides=1)
    for filters in (32, 16):
        x = block(x, keras.layers.Conv2DTranspose, filters, 4, strides=2)
    x = keras.layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid")(x)
    decoder = keras.Model(code, keras.layers.Cropping2D(2)(x), name="decoder")
    return keras.Model(image, decoder(encoder(image)))
