# score: 83-83
# caught by: softmax_values softmax_stable
# The sum runs over everything, the batch too.

# %% tags=["task:softmax"]
def softmax(logits):
    powers = np.exp(logits - np.max(logits))
    return powers / np.sum(powers)


def cross_entropy(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    of_labels = shifted[np.arange(len(labels)), labels]
    return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - of_labels)
