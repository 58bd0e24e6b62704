"""The files of knowledge/ as they are read and checked by their form, before anything is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from hotline_bridge.errors import KnowledgeError


class _PlainDates(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # in C, ten times as fast, where it is
    """Dates stay text, as the schema describes them."""


_PlainDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> Any:
    """What stands in the file. Raises KnowledgeError naming it."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainDates)  # noqa: S506 - a SafeLoader
    except (OSError, yaml.YAMLError) as error:
        raise KnowledgeError(f"{path.name} cannot be read: {error}") from None


def form(schema: Any) -> Validator:
    """What `valid` checks files by. That the schema is one itself is checked by tests/replies: here it would cost a second."""
    return validator_for(schema)(schema)


def valid(raw: Any, wanted: Validator, path: Path) -> None:
    """Raises KnowledgeError that says where `raw` is not of the form wanted."""
    error = best_match(wanted.iter_errors(raw))
    if error is not None:
        where = "/".join(str(p) for p in error.absolute_path)
        raise KnowledgeError(f"{path.name}, at {where or 'the top'}: {error.message}")
