"""Probabilities that mean something: how often spans of a probability are right, and what turns one into the other.

A span's log odds are stretched by one number and shifted by one for each label: logistic regression on the score (Platt,
"Probabilistic outputs for support vector machines", 1999), five numbers in all.
"""

import numpy as np

from labels import TYPES

BINS = 15
# Keeps the numbers of a label with few names small.
RIDGE = 1e-3


def odds(probabilities: np.ndarray) -> np.ndarray:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def columns(found) -> tuple[np.ndarray, np.ndarray]:
    """Spans as (probability, label, right) → features and targets."""
    probabilities, labels, right = (np.array(column) for column in zip(*found))
    shifts = [labels == kind for kind in TYPES]
    return np.stack([odds(probabilities.astype(float)), *shifts], 1).astype(float), right.astype(float)


def fit(found) -> dict:
    """Newton's method on the log loss."""
    features, right = columns(found)
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        said = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (said - right) + RIDGE * weights
        curve = (features * (said * (1 - said))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    rounded = [round(float(weight), 3) for weight in weights]
    return {"slope": rounded[0], "offsets": dict(zip(TYPES, rounded[1:]))}


def apply(calibration: dict, found) -> list:
    features, _ = columns(found)
    weights = np.array([calibration["slope"], *(calibration["offsets"][kind] for kind in TYPES)])
    said = 1 / (1 + np.exp(-features @ weights))
    return [(float(p), label, right) for p, (_, label, right) in zip(said, found)]


def bins(found) -> list[np.ndarray]:
    """[probability, right] in bins of equal mass, the least probable first."""
    ordered = sorted((probability, right) for probability, _, right in found)
    return [part for part in np.array_split(np.array(ordered, float), BINS) if len(part)]


def error(found) -> float:
    """Expected calibration error."""
    parts = bins(found) if found else []
    return sum(len(part) / len(found) * abs(part[:, 0].mean() - part[:, 1].mean()) for part in parts)


def least_error(found) -> float:
    """What the error would be, on average, if each span were right exactly as often as its probability says."""
    rng = np.random.default_rng(1)
    drawn = lambda: [(p, label, rng.random() < p) for p, label, _ in found]
    return float(np.mean([error(drawn()) for _ in range(100)]))


def table(found) -> str:
    """The reliability diagram, in Markdown."""
    rows = [f"| {p[:, 0].min():.3f} to {p[:, 0].max():.3f} | {p[:, 0].mean():.3f} | {p[:, 1].mean():.3f} |" for p in bins(found)]
    return "\n".join(["| scores | mean | right |", "|---|---|---|", *rows])
