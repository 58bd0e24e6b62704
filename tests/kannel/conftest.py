"""Real Kannel for a test, with a small server of ours at its inbound address. Skipped where Kannel cannot be."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fakes.kannel_daemons import Kannel, kannel_at, missing
from fakes.kannel_inbound import Inbox
from fakes.server import serving

from hotline_bridge.channels.sms_kannel import KannelChannel


@pytest.fixture(scope="session")
def kannel_installed() -> None:
    """Tries install.sh once, where it can work."""
    if missing() and os.getuid() == 0:
        subprocess.run([str(Path(__file__).parent / "install.sh")], check=False, timeout=600)
    # What ./run.sh test runs as well; it cannot without root or without Debian's packages, and then there is nothing to test.
    if reason := missing():
        pytest.skip(reason)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """What Kannel calls: our side of the conversation."""
    inbox = Inbox()
    with serving(inbox) as inbox.url:
        yield inbox


@pytest.fixture
def kannel(kannel_installed: None, tmp_path: Path, inbox: Inbox) -> Iterator[Kannel]:
    """bearerbox and smsbox, started, with the phones of a fake operator."""
    daemons = kannel_at(tmp_path, inbox.url)
    try:
        daemons.start()
        yield daemons
    finally:
        daemons.stop()


@pytest.fixture
async def channel(kannel: Kannel, inbox: Inbox) -> AsyncIterator[KannelChannel]:
    made = KannelChannel(kannel.sendsms_url, kannel.username, kannel.password, kannel.number, kannel.secret, inbox.url)
    yield made
    await made.close()
