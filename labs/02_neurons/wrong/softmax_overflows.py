# score: 93-93
# caught by: softmax_stable
# The formulas of the book, without the largest logit subtracted.

# %% tags=["task:softmax"]
def softmax(logits):
    powers = np.exp(logits)
    return powers / np.sum(powers, axis=1, keepdims=True)


def cross_entropy(logits, labels):
    return -np.mean(np.log(softmax(logits)[np.arange(len(labels)), labels]))
