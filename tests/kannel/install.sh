#!/bin/sh
# Installs real Kannel for tests/kannel: Debian's packages kannel (bearerbox, smsbox) and kannel-extras (fakesmsc).
# Says in one sentence why it cannot, and ends with 1 then. Nothing is started: the tests run daemons of their own.
set -eu

fakesmsc=/usr/lib/kannel/test/fakesmsc

present() {
    [ -x /usr/sbin/bearerbox ] && [ -x /usr/sbin/smsbox ] && [ -x "$fakesmsc" ]
}

if present; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Kannel is not installed: there is no apt-get here; install the packages kannel and kannel-extras another way." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Kannel is not installed: run this as root (sudo tests/kannel/install.sh)." >&2
    exit 1
fi

# Debian's package starts its daemons when it is installed, unless this says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
if ! { apt-get install -y --no-install-recommends kannel kannel-extras ||
    { apt-get update && apt-get install -y --no-install-recommends kannel kannel-extras; }; } >/dev/null 2>&1; then
    echo "Kannel is not installed: apt-get cannot install kannel and kannel-extras here." >&2
    exit 1
fi
present
