"""Which model belongs to the data as it is now: a folder named by the digest of all that a model is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / ".build" / "models"
RASA_MODEL = "assistant.tar.gz"
# Written last: a folder without it is an interrupted training.
DONE = "done"


def digest(nlu: Path = ROOT / "nlu") -> str:
    """The first 16 hex digits of the hash over names and contents."""
    total = hashlib.sha256()
    for name, path in _sources(nlu):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()[:16]


def current_model(nlu: Path = ROOT / "nlu", models: Path = MODELS) -> Path:
    """The folder that holds, or will hold, the model of the present data."""
    return models / digest(nlu)


def is_trained(folder: Path) -> bool:
    return (folder / DONE).exists()


def _sources(nlu: Path) -> Iterator[tuple[str, Path]]:
    bot = ROOT / "bot"
    for folder in (nlu / "training", nlu / "other", nlu / "lookups", nlu / "concepts"):
        yield from _files(f"nlu/{folder.name}", folder, ("*.yml", "*.jsonl", "*.txt"))
    for name in ("domain", "rules"):
        yield from _files(f"bot/{name}", bot / name, ("*.yml",))
    for name in ("reading", "components", "training"):
        yield from _files(f"bot/{name}", bot / name, ("*.py",))
    for name in ("config.yml", "requirements.lock"):
        yield f"bot/{name}", bot / name


def _files(name: str, folder: Path, patterns: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    found = sorted(path for pattern in patterns for path in folder.rglob(pattern))
    return ((f"{name}/{path.relative_to(folder).as_posix()}", path) for path in found)


if __name__ == "__main__":
    print(current_model())
