"""Fits the linear model: weights by a linear SVM, the softmax temperature on training sentences held back."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bot.reading.linear import LinearModel, grams, vector

Progress = Callable[[str], None]
# Of so many parts of the training data, cut for cross-validation, so many are held back in turn to find the temperature.
# One of four is some thousand sentences, enough for one number; each more costs as much as the training itself.
PARTS, HELD_BACK = 4, 1
# Rare n-grams add size and no understanding.
FEWEST = 2


def fit(
    groups: Sequence[Sequence[str]],
    labels: Sequence[str],
    progress: Progress = lambda line: None,
    *,
    strength: float = 0.5,
    balanced: bool = False,
    calibrated: bool = True,
) -> LinearModel:
    """A model from folded texts: each group is one sentence in all its spellings and has one label.

    `balanced` gives a class with few sentences the weight of one with many.
    The spellings of a sentence never part between training and checking, else the check would know the answers.
    """

    def fitted(kept: Sequence[int], temperature: float = 1.0) -> LinearModel:
        return _fit([groups[i] for i in kept], [labels[i] for i in kept], strength, balanced, temperature)

    temperature = _temperature(groups, labels, fitted, progress) if calibrated else 1.0
    progress(f"fitting {sum(map(len, groups))} spellings of {len(groups)} sentences")
    return fitted(range(len(groups)), temperature)


def _fit(
    groups: Sequence[Sequence[str]], labels: Sequence[str], strength: float, balanced: bool, temperature: float
) -> LinearModel:
    from sklearn.svm import LinearSVC

    counts = [grams(text) for group in groups for text in group]
    each = [label for group, label in zip(groups, labels, strict=True) for _ in group]
    vocabulary, idf = _vocabulary(counts)
    features = _matrix(counts, vocabulary, idf)
    machine = LinearSVC(C=strength, random_state=0, class_weight="balanced" if balanced else None).fit(features, each)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn keeps one column for two classes
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return LinearModel(
        classes=tuple(str(name) for name in machine.classes_),
        vocabulary=vocabulary,
        idf=idf,
        weights=np.ascontiguousarray(weights, dtype=np.float32),
        bias=np.asarray(bias, dtype=np.float32),
        temperature=temperature,
    )


def _vocabulary(counts: Sequence[dict[str, int]]) -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    documents: Counter[str] = Counter()
    for count in counts:
        documents.update(count.keys())
    kept = sorted(gram for gram, n in documents.items() if n >= FEWEST)
    idf = [math.log((1 + len(counts)) / (1 + documents[gram])) + 1 for gram in kept]
    return {gram: i for i, gram in enumerate(kept)}, np.array(idf, dtype=np.float32)


def _matrix(counts: Sequence[dict[str, int]], vocabulary: dict[str, int], idf: npt.NDArray[np.float32]) -> object:
    from scipy.sparse import csr_matrix

    rows = [vector(count, vocabulary, idf) for count in counts]
    ends = np.cumsum([0, *(len(index) for index, _ in rows)])
    index = np.concatenate([index for index, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, index, ends), shape=(len(rows), len(vocabulary)))


def _temperature(
    groups: Sequence[Sequence[str]],
    labels: Sequence[str],
    fitted: Callable[[Sequence[int]], LinearModel],
    progress: Progress,
) -> float:
    """The factor on the margins that makes held-back sentences likeliest (least log loss)."""
    if min(Counter(labels).values()) < PARTS:
        return 4.0  # too few to hold any back; the value that was best on a larger set
    margins, truth = [], []
    for number, (kept, held) in enumerate(_splits(labels)[:HELD_BACK], 1):
        progress(f"calibrating on part {number} of {PARTS}")
        model = fitted(kept)
        margins += [model.margins(groups[i][0]) for i in held]
        truth += [model.classes.index(labels[i]) for i in held]
    return least_loss(np.array(margins), np.array(truth))


def _splits(labels: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    from sklearn.model_selection import StratifiedKFold

    cut = StratifiedKFold(PARTS, shuffle=True, random_state=0).split(np.zeros(len(labels)), list(labels))
    return [(kept.tolist(), held.tolist()) for kept, held in cut]


def least_loss(margins: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]) -> float:
    """The temperature between 0.5 and 12, in steps of 5 %, with the least mean log loss."""
    steps = [0.5 * 1.05**i for i in range(66)]
    return min(steps, key=lambda t: _log_loss(margins * t, truth))


def _log_loss(scores: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]) -> float:
    raised = scores - scores.max(axis=1, keepdims=True)
    chosen = raised[np.arange(len(truth)), truth] - np.log(np.exp(raised).sum(axis=1))
    return float(-chosen.mean())
