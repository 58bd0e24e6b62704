#!/usr/bin/env bash
# Komek, from nothing to running. Usage: ./run.sh COMMAND
#
#   install    both environments, from the locks
#   serve      everything on this machine, set up first if need be
#   test       all tests
#   check      what is stale, missing or wrong in knowledge/, locales/ and nlu/; style and types of the code
#   train      the assistant's model, if what it is made from has changed
#   chat       a phone in the terminal (--sms: a feature phone)
#   bench      speed and memory, printed with the machine's description
#   evaluate   nlu [FILE.jsonl] | anonymiser [FILE.jsonl]: quality on messages not seen before
#   catalogs   bring locales/ up to date with knowledge/ and the console's pages
#   backup     FOLDER: copy words and keys, sealed and apart, while Komek runs or not (--only words | keys)
#   restore    FOLDER: put a copy back into an empty database
#   keys       show | rotate | retire | export FOLDER: the keys above all others, by their ids
#   migrate    bring the database's tables up to date
#   invite     print a one-time link for an administrator of the console (--name NAME)
#   audit      verify [--seen MARK]: prove that nobody has changed the audit trail
#   lock       write the lock files anew
set -euo pipefail
cd "$(dirname "$0")"

BUILD=.build
MAIN=$BUILD/venv
BOT=$BUILD/venv-bot
# The certificates of the system, so that an installation behind a proxy of its own works too.
export UV_SYSTEM_CERTS=true PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1 PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
# Compiled modules are kept, beside the environments: without them every process of Komek compiles all it uses, for seconds.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/$BUILD/pycache"
export KOMEK_BOT_PYTHON="${KOMEK_BOT_PYTHON:-$PWD/$BOT/bin/python}"

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

# uv: from the PATH, from an earlier run, or from the package index by whatever Python there is.
uv() {
  if [ -x "$BUILD/uv/bin/uv" ]; then "$BUILD/uv/bin/uv" "$@"; else command uv "$@"; fi
}
need_uv() {
  command -v uv >/dev/null 2>&1 && [ "$(type -t uv)" = file ] && return
  [ -x "$BUILD/uv/bin/uv" ] && return
  type -P uv >/dev/null && return
  local python
  python=$(any_python) || die "Komek needs Python 3.11, 3.12 or 3.13: install one (Debian: apt-get install python3 python3-venv) and run this again."
  say "Getting uv …"
  "$python" -m venv "$BUILD/uv" || die "Python's venv module is missing: install it (Debian: apt-get install python3-venv) and run this again."
  "$BUILD/uv/bin/python" -m pip install --quiet uv || die "uv could not be fetched from the package index: check the network, or install uv, and run this again."
}

# A Python of one of the given versions that really runs: pyenv's shims on the PATH may only say that they do not.
find_python() {
  local version candidate
  for version in "$@"; do
    for candidate in $(type -aP "python$version" || true) "$HOME"/.pyenv/versions/"$version".*/bin/python; do
      if [ -x "$candidate" ] && "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
        "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
        return
      fi
    done
  done
  return 1
}
any_python() {
  find_python 3.12 3.13 3.11 3.10 || type -P python3
}
python_for() {  # NAME VERSION...: by path, else one that uv brings
  local name=$1 found
  shift
  if found=$(find_python "$@"); then echo "$found"; return; fi
  say "Getting Python $1 for $name …"
  uv python install --quiet "$1" >&2 || die "There is no Python $1 here for $name, and none could be fetched: install Python $1 and run this again."
  uv python find "$1"
}

# One environment from its lock; done again only when the lock has changed.
environment() {  # NAME FOLDER LOCK VERSION...
  local name=$1 folder=$2 lock=$3 sum python
  shift 3
  sum=$(cksum <"$lock")
  [ -f "$folder/.lock" ] && [ "$(cat "$folder/.lock")" = "$sum" ] && return
  python=$(python_for "$name" "$@")
  say "Installing $name (Python $("$python" -c 'import platform; print(platform.python_version())')) …"
  uv venv --quiet --clear --python "$python" "$folder"
  VIRTUAL_ENV="$PWD/$folder" uv pip sync --quiet --require-hashes "$lock"
  if [ "$folder" = "$BOT" ]; then "$folder/bin/python" -m bot.install_stubs; fi
  printf '%s\n' "$sum" >"$folder/.lock"
}
install() {
  mkdir -p "$BUILD"
  need_uv
  environment "the bridge" "$MAIN" requirements.lock 3.12 3.13 3.11
  environment "the assistant" "$BOT" bot/requirements.lock 3.10
}
train() {
  "$BOT/bin/python" -m bot.train "$@"
}
bridge() {
  "$MAIN/bin/python" -m hotline_bridge "$@"
}

command=${1:-help}
[ $# -gt 0 ] && shift
case "$command" in
  install) install; say "Both environments are ready." ;;
  serve) install; train; exec "$MAIN/bin/python" -m hotline_bridge all "$@" ;;
  test) install; train; exec "$MAIN/bin/python" tests/run.py "$@" ;;
  check)
    install
    status=0
    bridge check || status=1
    "$MAIN/bin/ruff" check . || status=1
    "$MAIN/bin/ruff" format --check . || status=1
    "$MAIN/bin/mypy" || status=1
    "$MAIN/bin/lint-imports" || status=1
    exit $status
    ;;
  train) install; train "$@" ;;
  chat) install; train; bridge chat "$@" ;;
  bench) install; train; exec "$MAIN/bin/python" tests/bench "$@" ;;
  evaluate)
    install
    what=${1:-}
    [ $# -gt 0 ] && shift
    case "$what" in
      nlu) train; exec "$BOT/bin/python" -m bot.evaluate "$@" ;;
      anonymiser) bridge evaluate-anonymiser "$@" ;;
      *) die "Say what to evaluate: ./run.sh evaluate nlu [FILE.jsonl] or ./run.sh evaluate anonymiser [FILE.jsonl]" ;;
    esac
    ;;
  catalogs) install; bridge catalogs ;;
  backup) install; bridge backup "$@" ;;
  restore) install; bridge restore "$@" ;;
  keys) install; bridge keys "$@" ;;
  migrate) install; bridge migrate ;;
  invite) install; bridge invite-administrator "$@" ;;
  audit) install; bridge audit "$@" ;;
  lock)
    mkdir -p "$BUILD"; need_uv
    uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
      --group test pyproject.toml -o requirements.lock
    # The images hold the same versions, and nothing that tests alone need.
    uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
      -c requirements.lock pyproject.toml -o docker/requirements.lock
    uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.10 \
      --overrides bot/overrides.txt bot/pyproject.toml -o bot/requirements.lock
    ;;
  *) sed -n '2,20s/^# \{0,1\}//p' "$0"; [ "$command" = help ] ;;
esac
