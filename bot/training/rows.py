"""Folded texts as the rows of a sparse matrix of features, exactly as bot.reading.network sees one text."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.reading.network import word_grams

More = Callable[[str], Iterable[str]]
# Rarer features add size and no understanding.
FEWEST = 3
# A word that stands in the texts so often is kept whole, its n-grams cut beforehand: seven in eight words of a message are such.
COMMON = 5


@dataclass(frozen=True)
class Rows:
    """Texts by features. `values` is a scipy csr_matrix of shape (texts, features), each row of length one."""

    values: Any
    vocabulary: dict[str, int]
    idf: npt.NDArray[np.float32]
    words: tuple[str, ...]  # the common ones, in order


def rows(texts: Sequence[str], more: More, fewest: int = FEWEST) -> Rows:
    """The weighed features of the texts; those that stand in fewer than `fewest` of them are left out."""
    counts, names = _counted(texts, more)
    documents = np.bincount(counts.indices, minlength=len(names))
    kept = np.array([i for i in sorted(range(len(names)), key=names.__getitem__) if documents[i] >= fewest], np.int64)
    idf = (np.log((1 + len(texts)) / (1 + documents[kept])) + 1).astype(np.float32)
    values = counts[:, kept]
    values.sort_indices()
    often = Counter(word for text in texts for word in text.split())
    words = tuple(sorted(word for word, number in often.items() if number >= COMMON))
    return Rows(_weighed(values, idf), {names[place]: i for i, place in enumerate(kept.tolist())}, idf, words)


def _counted(texts: Sequence[str], more: More) -> tuple[Any, list[str]]:
    """How often each text has each feature, and the features' names. A word's n-grams are cut once for all texts."""
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    cut: dict[str, array[int]] = {}
    index, ends = array("i"), array("l", [0])
    for text in texts:
        for word in text.split():
            if word not in cut:
                cut[word] = array("i", [numbers.setdefault(gram, len(numbers)) for gram in word_grams(word)])
            index.extend(cut[word])
        index.extend([numbers.setdefault(name, len(numbers)) for name in dict.fromkeys(more(text))])
        ends.append(len(index))
    ones = np.ones(len(index), np.float32)
    counts = csr_matrix((ones, np.array(index), np.array(ends)), shape=(len(texts), len(numbers)))
    counts.sum_duplicates()
    return counts, list(numbers)


def _weighed(counts: Any, idf: npt.NDArray[np.float32]) -> Any:
    from scipy.sparse import csr_matrix

    values = (np.log(counts.data) + np.float32(1)) * idf[counts.indices]
    of_row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(of_row, np.square(values), minlength=counts.shape[0])).astype(np.float32)
    return csr_matrix((values / lengths[of_row], counts.indices, counts.indptr), shape=counts.shape)
