"""Fits the linear model: weights by a linear SVM, the softmax temperature on training sentences held back."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from bot.reading.linear import LinearModel, grams, vector
from bot.training.machines import Problem, machines

Progress = Callable[[str], None]
More = Callable[[str], Iterable[str]]
Counts = dict[str, int]
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
    more: More = lambda text: (),
) -> LinearModel:
    """A model from folded texts: each group is one sentence in all its spellings and has one label.

    `balanced` gives a class with few sentences the weight of one with many.
    `more` names features of a text beside its n-grams.
    The spellings of a sentence never part between training and checking, else the check would know the answers.
    """

    def fitted(kept: Sequence[int], temperature: float = 1.0) -> LinearModel:
        return _fit([counts[i] for i in kept], [labels[i] for i in kept], strength, balanced, temperature)

    counts = [[{**grams(text), **dict.fromkeys(more(text), 1)} for text in group] for group in groups]
    temperature = _temperature(counts, labels, fitted, progress) if calibrated else 1.0
    progress(f"fitting {sum(map(len, groups))} spellings of {len(groups)} sentences")
    return fitted(range(len(groups)), temperature)


def _fit(
    groups: Sequence[Sequence[Counts]], labels: Sequence[str], strength: float, balanced: bool, temperature: float
) -> LinearModel:
    counts = [count for group in groups for count in group]
    each = [label for group, label in zip(groups, labels, strict=True) for _ in group]
    vocabulary, idf = _vocabulary(counts)
    problem = Problem(_matrix(counts, vocabulary, idf), np.array(each), strength, balanced)
    classes, weights, bias = machines(problem)
    return LinearModel(
        classes=tuple(classes),
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


def _matrix(counts: Sequence[Counts], vocabulary: dict[str, int], idf: npt.NDArray[np.float32]) -> object:
    """What `vector` gives for each text, as the rows of a sparse matrix."""
    from scipy.sparse import csr_matrix, diags

    index, often, ends = array("l"), array("f"), array("l", [0])
    for count in counts:
        known = [(vocabulary[gram], n) for gram, n in count.items() if gram in vocabulary]
        index.extend([place for place, _ in known])
        often.extend([n for _, n in known])
        ends.append(len(index))
    values = (np.log(np.array(often, np.float32)) + np.float32(1)) * idf[np.array(index)]
    rows = csr_matrix((values, np.array(index), np.array(ends)), shape=(len(counts), len(vocabulary)))
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return diags(1 / np.where(lengths == 0, 1, lengths)) @ rows


def _temperature(
    groups: Sequence[Sequence[Counts]],
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
        margins += [_margins(model, groups[i][0]) for i in held]
        truth += [model.classes.index(labels[i]) for i in held]
    return least_loss(np.array(margins), np.array(truth))


def _margins(model: LinearModel, counts: Counts) -> npt.NDArray[np.float32]:
    index, values = vector(counts, model.vocabulary, model.idf)
    return values @ model.weights[index] + model.bias


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
