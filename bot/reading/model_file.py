"""A model's files: arrays and texts, each with its hash in a manifest; what is not byte for byte as written is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MANIFEST = "manifest.json"
Array = npt.NDArray[Any]


class ModelDamaged(Exception):
    """A model file is missing, is not the one its manifest names, or cannot be read."""


def save_arrays(arrays: Mapping[str, Array], folder: Path, name: str) -> None:
    """Writes `name`.npz and its hash into the folder's manifest. The same arrays give the same bytes."""
    path = folder / f"{name}.npz"
    np.savez(path, **arrays)
    record(path)


def load_arrays(folder: Path, name: str) -> dict[str, Array]:
    """Reads what `save_arrays` wrote. Raises ModelDamaged unless the file is byte for byte the one in the manifest."""
    path = folder / f"{name}.npz"
    try:
        _compare(path)
        # Never a pickle: a model file must not be able to run code.
        with np.load(path, allow_pickle=False) as data:
            return {key: data[key] for key in data.files}
    except (OSError, KeyError, ValueError) as error:
        raise ModelDamaged(f"{path.name}: {type(error).__name__}") from error


def save_text(text: str, folder: Path, name: str) -> None:
    """Writes a file that belongs to the model, with its hash."""
    (folder / name).write_text(text, encoding="utf-8")
    record(folder / name)


def load_text(folder: Path, name: str) -> str:
    """Reads what `save_text` wrote. Raises ModelDamaged."""
    try:
        _compare(folder / name)
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, KeyError, ValueError) as error:
        raise ModelDamaged(f"{name}: {type(error).__name__}") from error


def record(path: Path) -> None:
    """Writes the hash of a finished file into the manifest beside it."""
    manifest = path.parent / MANIFEST
    known = json.loads(manifest.read_text()) if manifest.exists() else {}
    known[path.name] = _hash(path)
    manifest.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def check(path: Path) -> None:
    """For a file that somebody else opens. Raises ModelDamaged unless it is byte for byte the one in the manifest."""
    try:
        _compare(path)
    except (OSError, KeyError, ValueError) as error:
        raise ModelDamaged(f"{path.name}: {type(error).__name__}") from error


def packed(words: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Words without line breaks as an array that needs no pickle."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def unpacked(array: Array) -> list[str]:
    return str(array.tobytes(), "utf-8").split("\n")


def _compare(path: Path) -> None:
    if _hash(path) != json.loads((path.parent / MANIFEST).read_text())[path.name]:
        raise ModelDamaged(f"{path.name} is not the file that its manifest names")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
