"""Checks parameters against the facts in specs/, which are copied from the providers' own specifications."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class WrongCall(AssertionError):
    """We sent what the specification does not allow."""


@cache
def facts(name: str) -> dict[str, Any]:
    """specs/<name>.json."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "specs" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def check_telegram(method: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a Bot API call as values. Raises WrongCall."""
    methods = facts("telegram")["methods"]
    if method not in methods:
        raise WrongCall(f"no method {method}")
    return _fields(method, methods[method], {name: _value(text) for name, text in given.items()})


def _value(text: str) -> Any:
    """Form fields hold JSON for all types but String, and a string may look like JSON: both readings are kept."""
    try:
        return _Either(text, json.loads(text))
    except ValueError:
        return text


class _Either(str):
    """A form field that is a string and may be meant as JSON."""

    decoded: Any

    def __new__(cls, text: str, decoded: Any) -> _Either:
        made = super().__new__(cls, text)
        made.decoded = decoded
        return made


def _fields(name: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = given.keys() - known.keys()
    absent = {field for field, fact in known.items() if fact["required"]} - given.keys()
    if unknown or absent:
        raise WrongCall(f"{name}: unknown {sorted(unknown)}, missing {sorted(absent)}")
    return {field: _typed(f"{name}.{field}", known[field]["types"], value) for field, value in given.items()}


def _typed(place: str, types: list[str], value: Any) -> Any:
    problems = []
    for wanted in types:
        try:
            return _one(place, wanted, value)
        except WrongCall as problem:
            problems.append(str(problem))
    raise WrongCall(f"{place} is no {' or '.join(types)}: {value!r} {problems}")


def _one(place: str, wanted: str, value: Any) -> Any:
    plain = value.decoded if isinstance(value, _Either) and wanted != "String" else value
    simple = {"String": str, "Integer": int, "Boolean": bool}
    if wanted in simple:
        if type(plain) is simple[wanted] or (wanted == "String" and isinstance(plain, str)):
            return str(plain) if wanted == "String" else plain
        raise WrongCall(place)
    if wanted.startswith("Array of "):
        if not isinstance(plain, list):
            raise WrongCall(place)
        return [_typed(place, [wanted.removeprefix("Array of ")], item) for item in plain]
    if wanted not in facts("telegram")["types"] or not isinstance(plain, dict):
        raise WrongCall(place)
    return _fields(wanted, facts("telegram")["types"][wanted], plain)


def check_twilio(path: str, given: Mapping[str, str]) -> None:
    """Raises WrongCall when the form is not what POST …/Messages.json takes."""
    spec = facts("twilio")
    account = re.fullmatch(re.escape(spec["path"]).replace(re.escape("{AccountSid}"), "(.*)"), path)
    if account is None or not re.match(spec["account_sid"], account[1]):
        raise WrongCall(f"no such path: {path}")
    if missing := [name for name in spec["required"] if not given.get(name)]:
        raise WrongCall(f"missing {missing}")
    for name, value in given.items():
        fact = spec["properties"].get(name)
        if fact is None:
            raise WrongCall(f"unknown {name}")
        if not _fits(fact, value):
            raise WrongCall(f"{name} does not fit {fact}")


def check_twilio_message(method: str, path: str, given: Mapping[str, str]) -> str | None:
    """The id of the one Message resource that is meant; None for another path. Raises WrongCall."""
    spec = facts("twilio")["message"]
    pattern = re.escape(spec["path"]).replace(re.escape("{AccountSid}"), "([^/]*)").replace(re.escape("{Sid}"), "([^/]*)")
    found = re.fullmatch(pattern, path)
    if found is None:
        return None
    if not re.match(facts("twilio")["account_sid"], found[1]) or not re.match(spec["sid"], found[2]):
        raise WrongCall(f"no such message: {path}")
    if method not in spec["methods"] or given.keys() - spec["methods"][method].keys():
        raise WrongCall(f"{method} takes no {sorted(given)}")
    return found[2]


def _fits(fact: Mapping[str, Any], value: str) -> bool:
    url = urlsplit(value) if fact.get("format") == "uri" else None
    return (
        value in fact.get("enum", [value])
        and re.search(fact.get("pattern", ""), value) is not None
        and (fact["type"] != "integer" or value.isdigit())
        and (fact["type"] != "boolean" or value in ("true", "false"))
        and (url is None or (url.scheme in ("http", "https") and bool(url.hostname)))
    )
