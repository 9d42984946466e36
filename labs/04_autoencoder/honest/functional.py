# %% tags=["task:pca"]
def fit_pca(images, num_components):
    mean = images.mean(axis=0)
    rows = (images - mean).reshape(len(images), -1).astype("float64")
    variances, vectors = np.linalg.eigh(rows.T @ rows)
    order = np.argsort(variances)[::-1]
    best = order[:num_components]
    return (
        mean,
        vectors[:, best].T.reshape(-1, *mean.shape),
        variances[best].sum() / variances.sum(),
    )


def encode_pca(images, mean, axes):
    return np.einsum("nhwc,khwc->nk", images - mean, axes)


def decode_pca(codes, mean, axes):
    return np.einsum("nk,khwc->nhwc", codes, axes) + mean


# %% tags=["task:autoencoder"]
def build_autoencoder(code_channels, seed):
    # Rounds up to 14, 7 and 4 pixels, and drops a row and a column on the way back.
    layers = keras.layers
    make = iter(range(seed, seed + 100))

    def conv(x, filters, size, strides=1, layer=layers.Conv2D):
        init = keras.initializers.HeNormal(next(make))
        x = layer(filters, size, strides, "same", use_bias=False, kernel_initializer=init)(x)
        return layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.9)(x))

    image = keras.Input((None, None, 1))
    x = conv(conv(conv(image, 16, 4, 2), 32, 4, 2), 64, 4, 2)
    init = keras.initializers.HeNormal(next(make))
    encoder = keras.Model(
        image, layers.Conv2D(code_channels, 1, kernel_initializer=init)(x), name="encoder"
    )
    code = keras.Input((None, None, code_channels))
    x = conv(conv(code, 64, 3), 32, 4, 2, layers.Conv2DTranspose)
    x = layers.Cropping2D(((0, 1), (0, 1)))(x)
    x = conv(x, 16, 4, 2, layers.Conv2DTranspose)
    init = keras.initializers.GlorotUniform(next(make))
    x = layers.Conv2DTranspose(1, 4, 2, "same", activation="sigmoid", kernel_initializer=init)(x)
    decoder = keras.Model(code, x, name="decoder")
    return keras.Model(image, decoder(encoder(image)))


# %% tags=["task:interpolate"]
def interpolate(model, first, last, num_steps):
    encoder, decoder = model.get_layer("encoder"), model.get_layer("decoder")
    begin, end = encoder.predict(np.array([first, last]), verbose=0)
    return decoder.predict(np.linspace(begin, end, num_steps), verbose=0)
