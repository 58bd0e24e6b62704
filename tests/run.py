"""All tests: those of the assistant in its own environment, then all others in this one. Exit 0 only if both passed.

Arguments go to the second pytest: ./run.sh test tests/journeys -k safety runs only those.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What some tests meet for real comes from Debian; where it cannot be installed they are skipped and say why.
PACKAGES = ("tests/kannel/install.sh", "tests/replies/install_dictionaries.sh", "tests/journeys/install_chromium.sh")


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
        print("Everything else:", flush=True)
    failed += subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
