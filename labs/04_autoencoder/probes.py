"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def pca_axes(student, images, num_components):
    mean, axes, _ = student.fit_pca(images, num_components)
    return {"mean": mean, "axes": axes}


def pca_share(student, images):
    return {"shares": [student.fit_pca(images, k)[2] for k in (1, 3, 8)]}


def pca_codes(student, images, codes, mean, axes):
    return {
        "codes": student.encode_pca(images, mean, axes),
        "images": student.decode_pca(codes, mean, axes),
    }


def ae_code(student, images, code_channels, seed):
    return _saved(student.build_autoencoder(code_channels, seed))


def inspect_ae_code(answer, images, code_channels, seed):
    model = _loaded(answer)
    codes = _values(model.get_layer("encoder"), images)
    return {
        "codes": codes,
        "whole": _values(model, images),
        "parts": _values(model.get_layer("decoder"), codes),
    }


def ae_convolutional(student, oblong, images, code_channels, seed):
    return _saved(student.build_autoencoder(code_channels, seed))


def inspect_ae_convolutional(answer, oblong, images, code_channels, seed):
    model = _loaded(answer)
    return {
        "oblong": _values(model, oblong),
        "codes": _values(model.get_layer("encoder"), images),
    }


def ae_nonlinear(student, images, codes, code_channels, seed):
    return _saved(student.build_autoencoder(code_channels, seed))


def inspect_ae_nonlinear(answer, images, codes, code_channels, seed):
    model = _loaded(answer)
    decoder = model.get_layer("decoder")
    # A code of another size than asked for is a fault that another check finds.
    codes = codes[..., : decoder.input_shape[-1]]
    return {
        "codes": _values(model.get_layer("encoder"), images),
        "images": _values(decoder, codes),
    }


def ae_export(student, images, code_channels, seed):
    model = student.build_autoencoder(code_channels, seed)
    other = student.build_autoencoder(code_channels, seed + 1)
    return {**_saved(model), "before": _values(model, images), "other": _values(other, images)}


def inspect_ae_export(answer, images, code_channels, seed):
    model = _loaded(answer)
    return {
        "before": answer["before"],
        "other": answer["other"],
        "after": _values(model, images),
        "parameters": model.count_params(),
    }


def noisy_pairs(student, images, deviation, copies, seed):
    inputs, targets = student.noisy_pairs(images, deviation, copies, seed)
    again, _ = student.noisy_pairs(images, deviation, copies, seed)
    other, _ = student.noisy_pairs(images, deviation, copies, seed + 1)
    return {"inputs": inputs, "targets": targets, "again": again, "other": other}


def best_gaussian(student, noisy, clean, widths):
    width, errors = student.best_gaussian(noisy, clean, widths)
    return {"width": width, "errors": errors}


def interpolate(student, first, last, num_steps):
    # A model whose values can be computed by hand; its code is not linear in the image.
    image = keras.Input((None, None, 1))
    x = keras.layers.AveragePooling2D(pool_size=4)(image)
    x = keras.layers.Activation("tanh")(keras.layers.Rescaling(3.0, offset=-0.5)(x))
    code = keras.Input((None, None, 1))
    y = keras.layers.Activation("exponential")(keras.layers.UpSampling2D(4)(code))
    encoder = keras.Model(image, x, name="encoder")
    decoder = keras.Model(code, y, name="decoder")
    model = keras.Model(image, decoder(encoder(image)))
    return {"images": student.interpolate(model, first, last, num_steps)}


def train_quality(student, images, epochs, seed):
    x = student.x_train[:3_200]
    return _saved(student.train_autoencoder(student.build_autoencoder(2, seed), x, x, epochs))


def inspect_train_quality(answer, images, epochs, seed):
    model = _loaded(answer)
    codes = _values(model.get_layer("encoder"), images)
    return {"codes": codes, "images": _values(model.get_layer("decoder"), codes)}


def denoise_quality(student, noisy, deviation, epochs, seed):
    # Not inspected: nobody can lie about clean digits that are not here.
    model = student.train_denoiser(student.x_train[:3_200], deviation, epochs, seed)
    return {"images": _values(model, noisy)}


def _values(model, x):
    return np.asarray(model(np.asarray(x, "float32"), training=False))


def _saved(model):
    model.save("model.keras")
    with open("model.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8)}


def _loaded(answer):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    return keras.saving.load_model("loaded.keras")
