# score: 92-92
# caught by: parameters
# Only the weights are counted.

# %% tags=["task:counts"]
def convolution_parameters(size, channels, filters):
    return size**2 * channels * filters


def dense_parameters(input_shape, output_shape):
    return math.prod(input_shape) * math.prod(output_shape)


def receptive_field(layers):
    field, apart = 1, 1
    for size, stride in layers:
        field, apart = field + (size - 1) * apart, apart * stride
    return field
