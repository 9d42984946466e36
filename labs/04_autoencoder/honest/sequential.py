# %% tags=["task:autoencoder"]
def build_autoencoder(code_channels, seed):
    keras.utils.set_random_seed(seed)

    def stage(layer, filters, size, strides):
        return [
            layer(filters, size, strides=strides, padding="same"),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Activation("elu"),
        ]

    down, up = keras.layers.Conv2D, keras.layers.Conv2DTranspose
    encoder = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.ZeroPadding2D(2),
            *stage(down, 16, 4, 2),
            *stage(down, 32, 4, 2),
            *stage(down, 64, 4, 2),
            down(code_channels, 3, padding="same"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((None, None, code_channels)),
            *stage(down, 64, 3, 1),
            *stage(up, 32, 4, 2),
            *stage(up, 16, 4, 2),
            up(1, 4, strides=2, padding="same", activation="sigmoid"),
            keras.layers.Cropping2D(2),
        ],
        name="decoder",
    )
    return keras.Sequential([keras.Input((None, None, 1)), encoder, decoder])


# %% tags=["task:train"]
def train_autoencoder(model, inputs, targets, epochs):
    steps = epochs * len(inputs) // 32

    class Falling(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            done = int(self.model.optimizer.iterations) / steps
            self.model.optimizer.learning_rate = 0.01 * max(0.0, 1.0 - done)

    model.compile("adam", "mse", jit_compile=False)
    model.fit(inputs, targets, 32, epochs, verbose=0, callbacks=[Falling()])
    return model


# %% tags=["task:denoising"]
def noisy_pairs(images, deviation, copies, seed):
    rng = np.random.default_rng(seed)
    inputs = [images + rng.normal(0.0, deviation, images.shape) for _ in range(copies)]
    noisy = np.minimum(np.maximum(np.concatenate(inputs), 0.0), 1.0)
    return noisy.astype(np.float32), np.concatenate([images] * copies).astype(np.float32)


def best_gaussian(noisy, clean, widths):
    errors = []
    for width in widths:
        smooth = [ndimage.gaussian_filter(image[..., 0], width) for image in noisy]
        errors.append(np.square(np.array(smooth)[..., None] - clean).mean())
    return widths[errors.index(min(errors))], errors


def train_denoiser(images, deviation, epochs, seed):
    model = build_autoencoder(6, seed)
    return train_autoencoder(model, *noisy_pairs(images, deviation, 1, seed), epochs)
