"""All tests: those of the assistant in its own environment, then all others in this one. Exit 0 only if all passed.

Arguments go to one pytest for everything but the assistant: ./run.sh test tests/journeys -k safety runs only those.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What some tests meet for real comes from Debian; where it cannot be installed they are skipped and say why.
PACKAGES = ("tests/kannel/install.sh", "tests/replies/install_dictionaries.sh", "tests/journeys/install_chromium.sh")

SLOWEST = ("--durations=15", "--durations-min=5")  # named at the end, for whoever looks after the half hour that all may take


def main(arguments: list[str]) -> int:
    """The number of pytest runs that failed."""
    failed = 0
    if not arguments:
        print("Debian packages for the tests (Kannel, Chromium, dictionaries), if they can be had …", flush=True)
        for script in PACKAGES:
            subprocess.run([str(ROOT / script)], cwd=ROOT, check=False)
        bot = os.environ.get("KOMEK_BOT_PYTHON", str(ROOT / ".build/venv-bot/bin/python"))
        print("The assistant, in its own environment:", flush=True)
        failed += subprocess.run([bot, "-m", "pytest", "-q", "-c", "tests/bot/pytest.ini", "tests/bot"], cwd=ROOT).returncode != 0
        print("What can run side by side, on every core:", flush=True)
        failed += _pytest("-n", "logical", "--dist", "worksteal", "-m", "not apart", *SLOWEST)
        # They mostly wait: for one another's processes, for clocks, for pages. Of one file each, two disturb each other little.
        print("Whole installations and browsers, two files at a time:", flush=True)
        arguments = ["-n", "2", "--dist", "loadfile", "-m", "apart", *SLOWEST]
    failed += _pytest(*arguments)
    return failed


def _pytest(*arguments: str) -> bool:
    """Whether the run failed."""
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT).returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
