"""How sure a model may be: a factor on its scores, found on sentences that were kept from it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from bot.reading.network import Floats

# One in so many sentences of each class is kept from a network, others from each.
PARTS = 10


def held_back(truth: npt.NDArray[np.int64], part: int) -> npt.NDArray[np.bool_]:
    """Every tenth sentence of each class, from the one numbered `part` on; none when a class has too few."""
    if min(Counter(truth.tolist()).values()) < PARTS:
        return np.zeros(len(truth), bool)
    order = np.argsort(truth, kind="stable")
    place = np.empty(len(truth), np.int64)
    place[order] = np.arange(len(truth)) - np.searchsorted(truth[order], truth[order])
    return np.asarray(place % PARTS == part % PARTS)


def least_loss(scores: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The factor on the scores between 0.25 and 6, in steps of 5 %, with the least mean log loss."""
    steps = [0.25 * 1.05**i for i in range(66)]
    return min(steps, key=lambda t: _log_loss(scores * np.float32(t), truth))


def _log_loss(scores: Floats, truth: npt.NDArray[np.int64]) -> float:
    raised = scores - scores.max(axis=1, keepdims=True)
    chosen = raised[np.arange(len(truth)), truth] - np.log(np.exp(raised).sum(axis=1))
    return float(-chosen.mean())
