# score: 93-93
# caught by: receptive_field
# The stride of a layer widens its own kernel.

# %% tags=["task:counts"]
def convolution_parameters(size, channels, filters):
    return (size**2 * channels + 1) * filters


def dense_parameters(input_shape, output_shape):
    return (math.prod(input_shape) + 1) * math.prod(output_shape)


def receptive_field(layers):
    field, apart = 1, 1
    for size, stride in layers:
        apart *= stride
        field += (size - 1) * apart
    return field
