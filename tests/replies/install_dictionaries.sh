#!/usr/bin/env bash
# Debian's spelling dictionaries for Russian, Kazakh and Uzbek, for tests/replies/test_spelling_of_texts.py.
# Does nothing where they are, and leaves quietly where packages cannot be installed; the tests then say that they skip.
set -euo pipefail
have() { for name in ru_RU kk_KZ uz_UZ; do [ -f "/usr/share/hunspell/$name.dic" ] || return 1; done; }
have && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install --yes --no-install-recommends hunspell-ru hunspell-kk hunspell-uz >/dev/null 2>&1; }
install || { apt-get update >/dev/null 2>&1 && install; } || true
