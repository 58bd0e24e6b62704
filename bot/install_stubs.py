"""Makes this environment load bot/stubs at start. Run once with the environment's own Python after `uv pip sync`:

.build/venv-bot/bin/python bot/install_stubs.py
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

STUBS = Path(__file__).resolve().parent / "stubs"


def install(site_packages: Path) -> Path:
    """Writes the .pth file and returns its path. Running it again changes nothing."""
    pth = site_packages / "komek_stubs.pth"
    pth.write_text(f"{STUBS}\nimport komek_stubs; komek_stubs.install()\n")
    return pth


if __name__ == "__main__":
    print(f"stubs: {install(Path(sysconfig.get_paths()['purelib']))}")
