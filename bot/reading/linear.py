"""A linear text model at run time: character n-grams inside words, tf-idf, one weight a class, a calibrated softmax.

Training lives in bot.training; here are the features (both halves use them), the file and the reading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
MANIFEST = "manifest.json"


class ModelDamaged(Exception):
    """A model file is missing, is not the one its manifest names, or cannot be read."""


def grams(folded: str, longest: int = 5) -> dict[str, int]:
    """Counts the n-grams of 1 to `longest` characters of each word, its edges marked by a space."""
    counts: dict[str, int] = {}
    for word in folded.split():
        padded = f" {word} "
        for n in range(1, longest + 1):
            if n >= len(padded):
                counts[padded] = counts.get(padded, 0) + 1
                break
            for start in range(len(padded) - n + 1):
                gram = padded[start : start + n]
                counts[gram] = counts.get(gram, 0) + 1
    return counts


@dataclass(frozen=True)
class LinearModel:
    """Class scores of a folded text. Frozen; safe to share between threads."""

    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats  # shape (grams,)
    weights: Floats  # shape (grams, classes)
    bias: Floats  # shape (classes,)
    temperature: float  # margins are multiplied by it before the softmax

    def ranking(self, folded: str, more: Iterable[str] = ()) -> list[tuple[str, float]]:
        """All classes with their probability, likeliest first; equal ones in the order of `classes`.

        `more` are features beside the n-grams, each counted once; the model must have been trained with such.
        """
        probabilities = softmax(self.margins(folded, more) * np.float32(self.temperature))
        order = np.argsort(-probabilities, kind="stable").tolist()
        shares = probabilities.tolist()
        return [(self.classes[i], shares[i]) for i in order]

    def margins(self, folded: str, more: Iterable[str] = ()) -> Floats:
        """The raw score of each class."""
        index, values = vector({**grams(folded), **dict.fromkeys(more, 1)}, self.vocabulary, self.idf)
        return values @ self.weights[index] + self.bias

    def knows(self, folded: str) -> bool:
        """Whether any whole n-gram of three or more characters of the text was seen in training."""
        return any(len(gram) > 2 and gram in self.vocabulary for gram in grams(folded, 3))


def vector(counts: dict[str, int], vocabulary: dict[str, int], idf: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The known n-grams as (indices, values), values of length one; empty when none is known."""
    found = vocabulary.get
    known, often = [], []
    for gram, count in counts.items():
        place = found(gram)
        if place is not None:
            known.append(place)
            often.append(count)
    index = np.array(known, dtype=np.int64)
    if not known:
        return index, np.zeros(0, np.float32)
    values = (np.log(np.array(often, dtype=np.float32)) + np.float32(1)) * idf[index]
    return index, (values / np.sqrt(np.square(values).sum())).astype(np.float32)


def softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    return (raised / raised.sum()).astype(np.float32)


def save(model: LinearModel, folder: Path, name: str) -> None:
    """Writes `name`.npz and its hash into the folder's manifest. The same model gives the same bytes."""
    grams_in_order = sorted(model.vocabulary, key=lambda gram: model.vocabulary[gram])
    path = folder / f"{name}.npz"
    np.savez(
        path,
        classes=_packed(model.classes),
        vocabulary=_packed(grams_in_order),
        idf=model.idf,
        weights=model.weights,
        bias=model.bias,
        temperature=np.float64(model.temperature),
    )
    _record(path)


def save_text(text: str, folder: Path, name: str) -> None:
    """Writes a file that belongs to the model, with its hash."""
    (folder / name).write_text(text, encoding="utf-8")
    _record(folder / name)


def load_text(folder: Path, name: str) -> str:
    """Reads what `save_text` wrote. Raises ModelDamaged."""
    try:
        _check(folder / name)
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, KeyError, ValueError) as error:
        raise ModelDamaged(f"{name}: {type(error).__name__}") from error


def _record(path: Path) -> None:
    manifest = path.parent / MANIFEST
    known = json.loads(manifest.read_text()) if manifest.exists() else {}
    known[path.name] = _hash(path)
    manifest.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def load(folder: Path, name: str) -> LinearModel:
    """Reads what `save` wrote. Raises ModelDamaged unless the file is byte for byte the one in the manifest."""
    path = folder / f"{name}.npz"
    try:
        _check(path)
        # Never a pickle: a model file must not be able to run code.
        with np.load(path, allow_pickle=False) as data:
            return LinearModel(
                classes=tuple(_unpacked(data["classes"])),
                vocabulary={gram: i for i, gram in enumerate(_unpacked(data["vocabulary"]))},
                idf=data["idf"],
                weights=data["weights"],
                bias=data["bias"],
                temperature=float(data["temperature"]),
            )
    except (OSError, KeyError, ValueError) as error:
        raise ModelDamaged(f"{path.name}: {type(error).__name__}") from error


def _check(path: Path) -> None:
    if _hash(path) != json.loads((path.parent / MANIFEST).read_text())[path.name]:
        raise ModelDamaged(f"{path.name} is not the file that its manifest names")


def _packed(words: list[str] | tuple[str, ...]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
