#!/usr/bin/env bash
# Debian's Chromium and its driver for tests/journeys/test_trial_phones.py, and docker-compose to read our compose file.
# Does nothing where they are, and leaves quietly where packages cannot be installed; the tests then say that they skip.
set -euo pipefail
have() { command -v chromium && command -v chromedriver && command -v docker-compose; } >/dev/null
have && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install --yes --no-install-recommends chromium chromium-driver docker-compose >/dev/null 2>&1; }
install || { apt-get update >/dev/null 2>&1 && install; } || true
