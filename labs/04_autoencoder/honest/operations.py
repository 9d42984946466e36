# %% tags=["task:pca"]
def fit_pca(images, num_components):
    images = keras.ops.convert_to_tensor(images, "float32")
    mean = keras.ops.mean(images, axis=0)
    rows = keras.ops.reshape(images - mean, (images.shape[0], -1))
    _, sigma, axes = keras.ops.svd(rows, full_matrices=False)
    variances = keras.ops.square(sigma)
    share = keras.ops.sum(variances[:num_components]) / keras.ops.sum(variances)
    axes = keras.ops.reshape(axes[:num_components], (num_components, *mean.shape))
    return tuple(map(keras.ops.convert_to_numpy, (mean, axes, share)))


def encode_pca(images, mean, axes):
    rows = keras.ops.reshape(images - mean, (len(images), -1))
    return np.asarray(rows @ keras.ops.transpose(keras.ops.reshape(axes, (len(axes), -1))))


def decode_pca(codes, mean, axes):
    rows = keras.ops.matmul(codes, keras.ops.reshape(axes, (len(axes), -1)))
    return np.asarray(keras.ops.reshape(rows, (len(codes), *mean.shape)) + mean)


# %% tags=["task:train"]
def train_autoencoder(model, inputs, targets, epochs):
    batches = epochs * (len(inputs) // 32)
    model.compile(keras.optimizers.Nadam(), loss="mse", jit_compile=False)
    rng = np.random.default_rng(0)
    for i in range(batches):
        model.optimizer.learning_rate = 0.01 * (1.0 - i / batches)
        batch = rng.choice(len(inputs), 32, replace=len(inputs) < 32)
        model.train_on_batch(inputs[batch], targets[batch])
    return model


# %% tags=["task:interpolate"]
def interpolate(model, first, last, num_steps):
    def code(image):
        return model.get_layer("encoder")(image[None])

    images = []
    for i in range(num_steps):
        t = i / (num_steps - 1)
        between = (1.0 - t) * code(first) + t * code(last)
        images.append(keras.ops.convert_to_numpy(model.get_layer("decoder")(between))[0])
    return np.stack(images)
