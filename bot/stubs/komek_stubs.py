"""Answers Rasa's imports of packages that this environment leaves out, so that Rasa starts without them.

Rasa imports TensorFlow, chat SDKs and brokers when it starts, also when none of them is used. Each name below is
answered by an empty module; a class taken from it may be named, inherited from and used as a decorator, and raises
when somebody makes an instance of it. A package that is really installed always wins.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

REPLACED = frozenset(
    {
        # machine learning
        "tensorflow", "tensorflow_hub", "tensorflow_text", "keras", "sklearn_crfsuite", "skops", "safetensors",
        "matplotlib",
        # channels
        "aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "socketio", "twilio",
        "webexteamssdk", "google", "cachecontrol",
        # brokers and stores
        "aio_pika", "aiormq", "boto3", "botocore", "confluent_kafka", "pymongo",
        # the rest
        "rasa_sdk", "sanic_jwt", "structlog_sentry",
    }
)  # fmt: skip


class _Absent(type):
    """The class of every stand-in: has any attribute, can be subclassed, cannot be instantiated."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        if "_stand_in" not in cls.__dict__:
            raise RuntimeError(f"{cls.__name__} needs a package that the assistant's environment leaves out")
        decorates = len(arguments) == 1 and callable(arguments[0]) and not named
        return arguments[0] if decorates else cls

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __iter__(cls) -> Any:
        return iter(())


_made: dict[str, _Absent] = {}


def _stand_in(name: str) -> _Absent:
    if name not in _made:
        _made[name] = _Absent(name, (), {"_stand_in": True})
    return _made[name]


class SilentProcessor:
    """Stands for structlog_sentry.SentryProcessor: hands each log entry on and reports it to nobody."""

    def __init__(self, **_: Any) -> None:
        pass

    def __call__(self, logger: Any, name: str, entry: Any) -> Any:
        return entry


class AbsentModule(types.ModuleType):
    """A module in which every public name exists."""

    __path__: list[str] = []  # noqa: RUF012
    # TensorFlow's last version for Rasa 3.6; Rasa compares it.
    __version__ = "2.12.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return SilentProcessor if name == "SentryProcessor" else _stand_in(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the replaced packages after every real finder has failed."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in REPLACED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def install() -> None:
    """Adds the finder once, at the end of the line."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
