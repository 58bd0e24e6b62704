"""The text model at run time: character n-grams inside words, tf-idf, a layer of hidden units, a softmax.

Training lives in bot.training; here are the features (both halves use them), the file and the reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.reading.model_file import ModelDamaged, load_arrays, packed, save_arrays, unpacked

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
LONGEST = 5


def word_grams(word: str) -> list[str]:
    """The n-grams of 1 to LONGEST characters of a word, its edges marked by a space; some stand there twice."""
    padded = f" {word} "
    return [padded[i : i + n] for n in range(1, min(LONGEST, len(padded)) + 1) for i in range(len(padded) - n + 1)]


def known_grams(word: str, vocabulary: dict[str, int]) -> list[int]:
    """The numbers of the word's n-grams that the vocabulary has.

    What is in it has its beginnings in it too, for they stand in as many texts and more: the first unknown ends the search.
    """
    found, find, padded = [], vocabulary.get, f" {word} "
    for start in range(len(padded)):
        for end in range(start + 1, min(start + LONGEST, len(padded)) + 1):
            place = find(padded[start:end])
            if place is None:
                break
            found.append(place)
    return found


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
    words: dict[str, Places] = field(default_factory=dict)  # the n-grams of common words, cut beforehand

    def ranking(self, folded: str, more: Iterable[str] = ()) -> list[tuple[str, float]]:
        """All classes with their probability, likeliest first; equal ones in the order of `classes`.

        `more` are features beside the n-grams, each counted once; the model must have been trained with such.
        """
        probabilities = softmax(self._scores(folded, more))
        order = np.argsort(-probabilities, kind="stable").tolist()
        shares = probabilities.tolist()
        return [(self.classes[i], shares[i]) for i in order]

    def _scores(self, folded: str, more: Iterable[str]) -> Floats:
        index, values = vector(self.features(folded, more), self.idf)
        # einsum, not @: for so small a product the threads of the matrix library cost milliseconds on a busy machine.
        weights = self.first.take(index, axis=0).astype(np.float32)
        units = np.einsum("i,ij->j", values * self.scale[index], weights) + self.first_bias
        return np.asarray(np.einsum("i,ij->j", np.maximum(units, 0), self.second) + self.bias, np.float32)

    def features(self, folded: str, more: Iterable[str] = ()) -> Places:
        """The numbers of the features that are known, each as often as it stands in the text."""
        parts = [np.fromiter([place for name in more if (place := self.vocabulary.get(name)) is not None], np.int32)]
        for word in folded.split():
            before = self.words.get(word)
            parts.append(np.array(known_grams(word, self.vocabulary), np.int32) if before is None else before)
        return np.concatenate(parts)

    def knows(self, folded: str) -> bool:
        """Whether any n-gram of three characters of the text was seen in training."""
        padded = [f" {word} " for word in folded.split()]
        return any(word[i : i + 3] in self.vocabulary for word in padded for i in range(len(word) - 2))


def vector(features: Places, idf: Floats) -> tuple[Places, Floats]:
    """The features as (numbers in order, values), values of length one; empty when there is none."""
    if not len(features):
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    # np.unique, without its detours.
    ordered = np.sort(features)
    last = np.append(ordered[1:] != ordered[:-1], True).nonzero()[0]
    index, often = ordered[last], np.diff(last, prepend=-1)
    values = (np.log(often.astype(np.float32)) + np.float32(1)) * idf[index]
    return index, values / np.sqrt(values.dot(values))


def cut(words: Iterable[str], vocabulary: dict[str, int]) -> dict[str, Places]:
    """The n-grams of each word, as `Network.words` holds them."""
    return {word: np.array(known_grams(word, vocabulary), np.int32) for word in words}


def softmax(scores: Floats) -> Floats:
    """Of one text's scores, or of a row for each text."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def save(model: Network, folder: Path, name: str) -> None:
    """Writes `name`.npz and its hash into the folder's manifest. The same model gives the same bytes."""
    in_order = sorted(model.vocabulary, key=lambda gram: model.vocabulary[gram])
    numbers = {key: getattr(model, key) for key in ("idf", "first", "scale", "first_bias", "second", "bias")}
    texts = {"classes": packed(model.classes), "vocabulary": packed(in_order), "words": packed(sorted(model.words))}
    save_arrays({**texts, **numbers}, folder, name)


def load(folder: Path, name: str) -> Network:
    """Reads what `save` wrote. Raises ModelDamaged unless the file is byte for byte the one in the manifest."""
    arrays = load_arrays(folder, name)
    try:
        classes = tuple(unpacked(arrays.pop("classes")))
        vocabulary = {gram: i for i, gram in enumerate(unpacked(arrays.pop("vocabulary")))}
        words = cut(filter(None, unpacked(arrays.pop("words"))), vocabulary)
        return Network(classes=classes, vocabulary=vocabulary, words=words, **arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(f"{name}: {type(error).__name__}") from error
