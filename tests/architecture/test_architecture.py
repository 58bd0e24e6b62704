"""What holds for the code as a whole."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib

from hotline_bridge.settings import PROJECT

IMAGE_LOCK = PROJECT / "docker" / "requirements.lock"
OURS = ("hotline_bridge", "actions", "bot")
MODULES = sorted(path for folder in OURS for path in (PROJECT / folder).rglob("*.py") if "__pycache__" not in path.parts)
TEXTS = sorted(
    path
    for folder in (*OURS, "tests", "knowledge", "locales", "docs", "docker", ".ci")
    for path in (PROJECT / folder).rglob("*")
    if path.suffix in {".py", ".sh", ".yml", ".yaml", ".md", ".toml", ".json", ".html", ".js", ".css", ".example", ".ini", ".csv"}
    and "__pycache__" not in path.parts
) + [
    path
    for name in ("run.sh", "README.md", "pyproject.toml", "docker-compose.yml", ".env.example")
    if (path := PROJECT / name).exists()
]


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent / command[0]
    env = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.run([str(beside), *command[1:]], cwd=PROJECT, env=env, capture_output=True, text=True, check=False)


def test_imports_run_downhill() -> None:
    done = tool("lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout


def test_everything_is_typed() -> None:
    done = tool("mypy")
    assert done.returncode == 0, done.stdout


def test_the_code_is_in_style() -> None:
    done = tool("ruff", "check", "hotline_bridge", "actions")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("folder", ["nlu", "knowledge", "locales"])
def test_folders_of_the_linguist_lawyer_and_translator_hold_no_python(folder: str) -> None:
    assert list((PROJECT / folder).rglob("*.py")) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_and_is_not_too_long(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), "no docstring"
    if "migrations" not in path.parts:
        assert len(source.splitlines()) <= 300


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[-2] != "versions"], ids=name)
def test_public_classes_and_functions_of_the_bridge_say_what_they_promise(path: Path) -> None:
    if "hotline_bridge" not in path.parts or "migrations" in path.parts:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
    missing = [n.name for n in nodes if not n.name.startswith("_") and not ast.get_docstring(n)]
    assert missing == []


def test_no_catch_all_word_names_a_module() -> None:
    assert [name(p) for p in MODULES if p.stem in {"utils", "util", "helpers", "helper", "manager", "common", "misc"}] == []


IMPORT_ALL = """
import builtins, importlib, pkgutil, socket, sys, os
import hotline_bridge

def forbidden(what):
    def stop(*given, **more):
        raise SystemExit(f"{what} at import: {given[:2]}")
    return stop

from prometheus_client import REGISTRY

names = sorted(m.name for m in pkgutil.walk_packages(hotline_bridge.__path__, "hotline_bridge.") if not skip(m.name))
# Libraries may do at their own import what they like: load them first.
for name in names:
    importlib.import_module(name)
for name in [n for n in sys.modules if n.partition(".")[0] in ("hotline_bridge", "actions")]:
    del sys.modules[name]
really_open = builtins.open
def reading_only(file, mode="r", *given, **more):
    if set(mode) & set("wax+"):
        raise SystemExit(f"open for writing at import: {file}")
    return really_open(file, mode, *given, **more)
for counted in list(REGISTRY._collector_to_names):
    REGISTRY.unregister(counted)
sys.dont_write_bytecode = True
builtins.open = reading_only
socket.socket.connect = forbidden("connect")
socket.socket.bind = forbidden("bind")
socket.create_connection = forbidden("create_connection")
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_nothing_is_opened_and_nobody_is_called_at_import() -> None:
    # Alembic's env.py and migrations are no modules to import; __main__ of a package runs it.
    skip = 'skip = lambda n: ".migrations" in n or n.endswith("__main__")\n'
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", skip + IMPORT_ALL], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


PATHS_OF_A_MACHINE = re.compile(r"(?<![\w./])/(?:home|Users|root|work|mnt|srv)/[\w.-]+")
SECRET_FORMS = re.compile(
    r"""
    \b\d{8,10}:AA[\w-]{33}\b            # a Telegram token
    | \bAC[0-9a-f]{32}\b.{0,80}\b[0-9a-f]{32}\b  # a Twilio account with its token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    | \b(?:ghp|gho|glpat|sk|xox[bp])[-_][A-Za-z0-9]{20,}
    | \bAKIA[0-9A-Z]{16}\b
    """,
    re.VERBOSE,
)


def test_no_file_names_a_place_of_a_developers_machine() -> None:
    found = {name(path): hit[0] for path in TEXTS if (hit := PATHS_OF_A_MACHINE.search(path.read_text("utf-8", "replace")))}
    assert found == {}


def test_no_file_holds_a_secret() -> None:
    fakes = PROJECT / "tests"
    found = {
        name(path) for path in TEXTS if fakes not in path.parents and SECRET_FORMS.search(path.read_text("utf-8", "replace"))
    }
    assert found == set()


def test_the_lock_names_no_index() -> None:
    for lock in (PROJECT / "requirements.lock", PROJECT / "bot" / "requirements.lock", IMAGE_LOCK):
        assert not re.search(r"https?://|--index-url|--extra-index", lock.read_text(encoding="utf-8"))


def test_the_images_hold_the_versions_that_are_tested_and_nothing_of_the_tests() -> None:
    image, tested = (_pinned(lock) for lock in (IMAGE_LOCK, PROJECT / "requirements.lock"))
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted, tests = groups["project"]["dependencies"], groups["dependency-groups"]["test"]
    assert image.items() <= tested.items()
    assert {_name(one) for one in wanted} <= image.keys()
    assert not {_name(one) for one in tests} & image.keys()


def _pinned(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return dict(found)


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0].lower()
