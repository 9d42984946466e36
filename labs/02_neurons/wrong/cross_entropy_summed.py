# score: 90-90
# caught by: cross_entropy
# The sum over the batch instead of its mean.

# %% tags=["task:softmax"]
def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


def cross_entropy(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    of_labels = shifted[np.arange(len(labels)), labels]
    return np.sum(np.log(np.sum(np.exp(shifted), axis=1)) - of_labels)
