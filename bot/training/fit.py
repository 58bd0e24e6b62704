"""Fits the text model: several small networks side by side, each calibrated on sentences kept from it, and their mean."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.reading.network import Network, cut
from bot.training.calibrate import held_back, least_loss
from bot.training.learn import Layers, Lesson, learn
from bot.training.rows import More, Rows, rows

Progress = Callable[[str], None]
PROCESSES = 2
# With fewer sentences a second process costs more than it saves.
FEWEST_FOR_PROCESSES = 2000


@dataclass(frozen=True)
class Size:
    """How much is learned: networks, units of each, passes over the sentences."""

    networks: int
    units: int
    passes: int


def fit(
    groups: Sequence[Sequence[str]],
    labels: Sequence[str],
    size: Size,
    progress: Progress = lambda line: None,
    *,
    weights: Sequence[float] | None = None,
    more: More = lambda text: (),
) -> Network:
    """A model from folded texts: each group is one sentence in all its spellings, its own first, and has one label.

    `weights` says how much each sentence counts; without it all count alike.
    `more` names features of a text beside its n-grams.
    The spellings of a sentence never part between learning and calibrating, else the check would know the answers.
    """
    texts = [text for group in groups for text in group]
    progress(f"reading {len(texts)} spellings of {len(groups)} sentences")
    found = rows(texts, more)
    classes = tuple(sorted(set(labels)))
    sizes = np.array([len(group) for group in groups])
    lesson = Lesson(
        found.values,
        np.cumsum(sizes) - sizes,
        sizes,
        np.array([classes.index(label) for label in labels]),
        np.array([1.0] * len(labels) if weights is None else weights, np.float32),
    )
    progress(f"learning {len(found.vocabulary)} features, {size.networks} networks of {size.units} units")
    return _joined(_learned(lesson, classes, size), classes, found)


def _learned(lesson: Lesson, classes: tuple[str, ...], size: Size) -> list[Layers]:
    seeds = range(size.networks)
    with _given(lesson, len(classes), size), _workers(len(seeds), len(lesson.starts)) as work:
        return list(work(_one, seeds))


def _one(seed: int) -> Layers:
    """A network that has not read one sentence in ten, its second layer scaled so that on those it is as sure as right."""
    from threadpoolctl import threadpool_limits

    [(lesson, classes, size)] = _task
    with threadpool_limits(1):
        held = held_back(lesson.truth, seed)
        kept = ~held
        shown = replace(lesson, starts=lesson.starts[kept], sizes=lesson.sizes[kept], truth=lesson.truth[kept],
                        weights=lesson.weights[kept])  # fmt: skip
        layers = learn(shown, classes, size.units, size.passes, seed)
        if not held.any():
            return layers
        scores = layers.scores(lesson.features[lesson.starts[held]])
        factor = np.float32(least_loss(scores, lesson.truth[held]))
        return replace(layers, second=layers.second * factor, bias=layers.bias * factor)


def _joined(layers: Sequence[Layers], classes: tuple[str, ...], found: Rows) -> Network:
    """One network whose scores are the mean of theirs: their units side by side."""
    share = np.float32(1 / len(layers))
    first = np.concatenate([each.first for each in layers], axis=1)
    scale = np.maximum(np.abs(first).max(axis=1) / np.float32(127), np.float32(1e-12))
    return Network(
        classes=classes,
        vocabulary=found.vocabulary,
        idf=found.idf,
        first=np.rint(first / scale[:, None]).astype(np.int8),
        scale=scale,
        first_bias=np.concatenate([each.first_bias for each in layers]),
        second=np.concatenate([each.second for each in layers]) * share,
        bias=np.sum([each.bias for each in layers], axis=0, dtype=np.float32) * share,
        words=cut(found.words, found.vocabulary),
    )


# The worker processes are copies of this one and find the lesson here; sending it would take longer than copying.
_task: list[tuple[Lesson, int, Size]] = []


@contextmanager
def _given(lesson: Lesson, classes: int, size: Size) -> Iterator[None]:
    _task[:] = [(lesson, classes, size)]
    try:
        yield
    finally:
        _task.clear()


@contextmanager
def _workers(number: int, sentences: int) -> Iterator[Any]:
    if number == 1 or sentences < FEWEST_FOR_PROCESSES:
        yield map
        return
    with ProcessPoolExecutor(min(number, PROCESSES), mp_context=multiprocessing.get_context("fork")) as pool:
        yield pool.map
