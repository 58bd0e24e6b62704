"""How one network learns: each sentence once a pass in one of its spellings, with features and units left out at random.

Leaving out is what makes it understand writers whom it has never read: no single word may decide alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.reading.network import Floats, softmax

Places = npt.NDArray[np.int64]
BATCH = 256
# Shares of the features and of the units that are left out in a step, and what makes up for them in those that stay.
# All of it in 32 bits: with one number of 64 numpy would carry every product in 64, at more than twice the time.
LEFT_OUT, UNITS_LEFT_OUT = np.float32(0.5), np.float32(0.3)
MADE_UP, UNITS_MADE_UP = np.float32(1 / (1 - 0.5)), np.float32(1 / (1 - 0.3))
PACE, UNITS_PACE = 0.2, 3e-3
# Small data are passed over more often.
FEWEST_STEPS = 400


@dataclass(frozen=True)
class Lesson:
    """Rows of features (a scipy csr_matrix); the rows of sentence i are starts[i] and the next sizes[i] - 1, its own first."""

    features: Any
    starts: Places
    sizes: Places
    truth: Places  # the class of each sentence, as a number
    weights: Floats  # how much each sentence counts


@dataclass(frozen=True)
class Layers:
    """What is learned: features to units, units to classes."""

    first: Floats
    first_bias: Floats
    second: Floats
    bias: Floats

    def scores(self, features: Any) -> Floats:
        units = np.maximum(features @ self.first + self.first_bias, 0)
        return np.asarray(units @ self.second + self.bias, np.float32)


def learn(lesson: Lesson, classes: int, units: int, passes: int, seed: int) -> Layers:
    """Layers that tell the classes of the lesson apart. The same lesson and seed give the same layers."""
    chance = np.random.default_rng(seed)
    features = lesson.features.shape[1]
    layers = Layers(
        chance.standard_normal((features, units), np.float32) / np.float32(units**0.5),
        np.zeros(units, np.float32),
        chance.standard_normal((units, classes), np.float32) / np.float32(units**0.5),
        np.zeros(classes, np.float32),
    )
    steps = list(_steps(lesson, passes, chance))
    small = [_Momentum(layers.first_bias), _Momentum(layers.second), _Momentum(layers.bias)]
    spread = np.zeros(features, np.float32)
    for done, (sentences, places) in enumerate(steps):
        _step(lesson, layers, spread, small, sentences, places, 1 - done / len(steps), chance)
    return layers


def _steps(lesson: Lesson, passes: int, chance: np.random.Generator) -> Iterator[tuple[Places, Places]]:
    """Sentences and the rows of the spelling that is read; every other pass reads the sentences' own."""
    number = len(lesson.starts)
    a_pass = -(-number // BATCH)
    for turn in range(max(passes, -(-FEWEST_STEPS // a_pass))):
        spelling = (chance.random(number) * lesson.sizes).astype(np.int64) if turn % 2 else 0
        places = lesson.starts + spelling
        order = chance.permutation(number)
        for begin in range(0, number, BATCH):
            sentences = order[begin : begin + BATCH]
            yield sentences, places[sentences]


def _step(
    lesson: Lesson, layers: Layers, spread: Floats, small: list[_Momentum],
    sentences: Places, places: Places, pace: float, chance: np.random.Generator,
) -> None:  # fmt: skip
    rows, known = _thinned(lesson.features[places], chance)
    weights = layers.first[known]
    units = rows @ weights + layers.first_bias
    stays = (chance.random(units.shape, np.float32) >= UNITS_LEFT_OUT) & (units > 0)
    left = stays * UNITS_MADE_UP
    shown = units * left
    error = softmax(shown @ layers.second + layers.bias)
    error[np.arange(len(sentences)), lesson.truth[sentences]] -= 1
    error *= lesson.weights[sentences, None]
    back = (error @ layers.second.T) * left
    mean = np.float32(1 / len(sentences))
    for moved, change in zip(small, (back.sum(axis=0), shown.T @ error, error.sum(axis=0)), strict=True):
        moved.move(change * mean, pace)
    # Each feature has a pace of its own: rare ones move further (row-wise Adagrad).
    change = rows.T @ back
    moved = spread[known] + np.einsum("ij,ij->i", change, change) / np.float32(change.shape[1])
    spread[known] = moved
    change *= (np.float32(PACE * pace) / (np.sqrt(moved) + np.float32(1e-6)))[:, None]
    weights -= change
    layers.first[known] = weights


def _thinned(rows: Any, chance: np.random.Generator) -> tuple[Any, Places]:
    """The rows without the features left out, over only the features that they have; and which those are."""
    from scipy.sparse import csr_matrix

    kept = chance.random(len(rows.data), np.float32) >= LEFT_OUT
    ends = np.concatenate([[0], np.cumsum(kept)])[rows.indptr]
    there = np.zeros(rows.shape[1], bool)
    there[rows.indices[kept]] = True
    known = np.flatnonzero(there)
    number = np.zeros(rows.shape[1], np.int32)
    number[known] = np.arange(len(known), dtype=np.int32)
    values = rows.data[kept] * MADE_UP
    return csr_matrix((values, number[rows.indices[kept]], ends), shape=(rows.shape[0], len(known))), known


class _Momentum:
    """Moves an array in place by the mean of its gradients over the root of their mean square (Adam)."""

    def __init__(self, moved: Floats) -> None:
        self._moved = moved
        self._mean, self._square, self._done = np.zeros_like(moved), np.zeros_like(moved), 0

    def move(self, change: Floats, pace: float) -> None:
        self._done += 1
        self._mean += np.float32(0.1) * (change - self._mean)
        self._square += np.float32(0.001) * (np.square(change) - self._square)
        even = (1 - 0.999**self._done) ** 0.5 / (1 - 0.9**self._done)
        self._moved -= np.float32(UNITS_PACE * pace * even) * self._mean / (np.sqrt(self._square) + np.float32(1e-8))
