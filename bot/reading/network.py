"""The text model at run time: character n-grams inside words, tf-idf, a layer of hidden units, a softmax.

Training lives in bot.training; here are the features (both halves use them), the file and the reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.reading.model_file import ModelDamaged, load_arrays, packed, save_arrays, unpacked

Floats = npt.NDArray[np.float32]
LONGEST = 5


def word_grams(word: str, longest: int = LONGEST) -> list[str]:
    """The n-grams of 1 to `longest` characters of a word, its edges marked by a space; some stand there twice."""
    padded = f" {word} "
    found = [padded[i : i + n] for n in range(1, min(longest + 1, len(padded))) for i in range(len(padded) - n + 1)]
    return [*found, padded] if len(padded) <= longest else found


def grams(folded: str, longest: int = LONGEST) -> dict[str, int]:
    """Counts the n-grams of all words."""
    counts: dict[str, int] = {}
    for word in folded.split():
        for gram in word_grams(word, longest):
            counts[gram] = counts.get(gram, 0) + 1
    return counts


@dataclass(frozen=True)
class Network:
    """Class probabilities of a folded text. Frozen; safe to share between threads.

    A feature's weights are `first` times its `scale`: in whole numbers of one byte they take a quarter of the memory.
    """

    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats  # shape (features,)
    first: npt.NDArray[np.int8]  # shape (features, units)
    scale: Floats  # shape (features,)
    first_bias: Floats  # shape (units,)
    second: Floats  # shape (units, classes)
    bias: Floats  # shape (classes,)

    def ranking(self, folded: str, more: Iterable[str] = ()) -> list[tuple[str, float]]:
        """All classes with their probability, likeliest first; equal ones in the order of `classes`.

        `more` are features beside the n-grams, each counted once; the model must have been trained with such.
        """
        probabilities = softmax(self._scores(folded, more))
        order = np.argsort(-probabilities, kind="stable").tolist()
        shares = probabilities.tolist()
        return [(self.classes[i], shares[i]) for i in order]

    def _scores(self, folded: str, more: Iterable[str]) -> Floats:
        index, values = vector({**grams(folded), **dict.fromkeys(more, 1)}, self.vocabulary, self.idf)
        # einsum, not @: for so small a product the threads of the matrix library cost milliseconds on a busy machine.
        units = np.einsum("i,ij->j", values * self.scale[index], self.first[index].astype(np.float32)) + self.first_bias
        return np.asarray(np.einsum("i,ij->j", np.maximum(units, 0), self.second) + self.bias, np.float32)

    def knows(self, folded: str) -> bool:
        """Whether any whole n-gram of three or more characters of the text was seen in training."""
        known = self.vocabulary
        return any(len(gram) > 2 and gram in known for word in folded.split() for gram in word_grams(word, 3))


def vector(counts: dict[str, int], vocabulary: dict[str, int], idf: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The known features as (indices, values), values of length one; empty when none is known."""
    found = vocabulary.get
    known = [(place, count) for gram, count in counts.items() if (place := found(gram)) is not None]
    if not known:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    both = np.array(known, np.int64)
    index, often = both[:, 0], both[:, 1]
    values = (np.log(often.astype(np.float32)) + np.float32(1)) * idf[index]
    return index, (values / np.sqrt(np.square(values).sum())).astype(np.float32)


def softmax(scores: Floats) -> Floats:
    """Of one text's scores, or of a row for each text."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)


def save(model: Network, folder: Path, name: str) -> None:
    """Writes `name`.npz and its hash into the folder's manifest. The same model gives the same bytes."""
    in_order = sorted(model.vocabulary, key=lambda gram: model.vocabulary[gram])
    numbers = {key: getattr(model, key) for key in ("idf", "first", "scale", "first_bias", "second", "bias")}
    save_arrays({"classes": packed(model.classes), "vocabulary": packed(in_order), **numbers}, folder, name)


def load(folder: Path, name: str) -> Network:
    """Reads what `save` wrote. Raises ModelDamaged unless the file is byte for byte the one in the manifest."""
    arrays = load_arrays(folder, name)
    try:
        classes = tuple(unpacked(arrays.pop("classes")))
        vocabulary = {gram: i for i, gram in enumerate(unpacked(arrays.pop("vocabulary")))}
        return Network(classes=classes, vocabulary=vocabulary, **arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(f"{name}: {type(error).__name__}") from error
