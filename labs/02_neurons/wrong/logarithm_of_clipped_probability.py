# score: 93-93
# caught by: softmax_stable
# A stable softmax, but the loss is the logarithm of a probability that was kept above zero.

# %% tags=["task:softmax"]
def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


def cross_entropy(logits, labels):
    of_labels = softmax(logits)[np.arange(len(labels)), labels]
    return -np.mean(np.log(np.maximum(of_labels, 1e-12)))
