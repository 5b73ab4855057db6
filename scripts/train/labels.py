"""Labels, and the decoding that the program does too: BIO with hard constraints."""

import numpy as np

TYPES = ["PER", "LOC", "ORG", "OTH"]
KINDS = [kind + form for kind in TYPES for form in ("", "deriv", "part")]
LABELS = ["O"] + [f"{begin}-{kind}" for kind in KINDS for begin in "BI"]
INDEX = {label: index for index, label in enumerate(LABELS)}

# From label i to label j: an I goes on what its own kind began.
ALLOWED = np.zeros((len(LABELS), len(LABELS)), bool)
for _j, _label in enumerate(LABELS):
    if _label.startswith("I-"):
        ALLOWED[INDEX["B" + _label[1:]], _j] = ALLOWED[_j, _j] = True
    else:
        ALLOWED[:, _j] = True
START = np.array([not label.startswith("I-") for label in LABELS])


def viterbi(log_probabilities: np.ndarray) -> list[int]:
    """The best allowed path through [words, labels]."""
    if not len(log_probabilities):
        return []
    transition = np.where(ALLOWED, 0.0, -np.inf)
    score = np.where(START, log_probabilities[0], -np.inf)
    back = []
    for row in log_probabilities[1:]:
        reached = score[:, None] + transition
        back.append(reached.argmax(0))
        score = reached.max(0) + row
    path = [int(score.argmax())]
    for row in reversed(back):
        path.append(int(row[path[-1]]))
    return path[::-1]


def spans(path: list[int]) -> list[tuple[int, int, str]]:
    """(first word, word after the last, kind) of a path."""
    found, start = [], None
    for i, index in enumerate(path + [0]):
        label = LABELS[index] if i < len(path) else "O"
        if start is not None and not label.startswith("I-"):
            found.append((start, i, LABELS[path[start]][2:]))
            start = None
        if label.startswith("B-"):
            start = i
    return found


def span_probabilities(log_probabilities: np.ndarray, found: list[tuple[int, int, str]]) -> list[float]:
    """How likely each span is, exactly so, among all allowed paths: forward-backward."""
    n = len(log_probabilities)
    transition = np.where(ALLOWED, 0.0, -np.inf)
    with np.errstate(divide="ignore"):
        forward = np.empty_like(log_probabilities)
        forward[0] = np.where(START, log_probabilities[0], -np.inf)
        for t in range(1, n):
            forward[t] = np.logaddexp.reduce(forward[t - 1][:, None] + transition, axis=0) + log_probabilities[t]
        backward = np.zeros_like(log_probabilities)
        for t in range(n - 2, -1, -1):
            backward[t] = np.logaddexp.reduce(transition + (log_probabilities[t + 1] + backward[t + 1])[None], axis=1)
        total = np.logaddexp.reduce(forward[-1])
        out = []
        for start, end, kind in found:
            begin, inside = INDEX["B-" + kind], INDEX["I-" + kind]
            score = forward[start][begin] + log_probabilities[start + 1 : end, inside].sum()
            if end < n:
                leave = np.arange(len(LABELS)) != inside
                onward = np.where(leave & START, log_probabilities[end] + backward[end], -np.inf)
                score += np.logaddexp.reduce(onward)
            out.append(float(np.exp(score - total)))
    return out
