"""Real Kannel on loopback: bearerbox and smsbox as processes, and a phone behind their fake operator.

The configuration is docs/kannel/kannel.conf.example with ports, secrets and our address put in, so the example is tried.
The phone speaks fakesmsc's protocol, a line a message: `sender receiver type data`
(gw/smsc/smsc_fake.c in Kannel; data is encoded as in an address for every type but text).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "kannel" / "kannel.conf.example"
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PASSWORD = "open-sesame-7"
SECRET = "inbound-secret-7"
US = "1515"


def missing() -> str | None:
    """Why real Kannel cannot be tried here, or None."""
    absent = [name for name in ("bearerbox", "smsbox") if shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin") is None]
    if absent:
        return f"{' and '.join(absent)} not installed: run tests/kannel/install.sh as root on Debian"
    return None


@dataclass(frozen=True)
class Segment:
    """One SMS as the phone got it: udh is empty unless it is a piece of a longer one."""

    sender: str
    receiver: str
    type: str
    udh: bytes
    data: bytes


@dataclass
class Phones:
    """Every telephone of the fake operator at once."""

    port: int
    segments: list[Segment] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _socket: socket.socket | None = None
    _news: threading.Condition = field(default_factory=threading.Condition)

    def switch_on(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self._socket.settimeout(None)
        threading.Thread(target=self._listen, args=(self._socket,), daemon=True).start()

    def switch_off(self) -> None:
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    def write(self, number: str, text: str) -> None:
        """`number` sends one SMS to us: in the GSM alphabet when it is ASCII, otherwise in UCS-2."""
        if text.isascii() and text.isprintable() and text == text.strip() and text:
            self.write_raw(f"{number} {US} text {text}")
        else:
            self.write_raw(f"{number} {US} ucs2 {quote(text.encode('utf-16-be'))}")

    def write_raw(self, line: str) -> None:
        assert self._socket is not None, "the phones are off"
        self._socket.sendall(line.encode("utf-8") + b"\n")

    def wait_for(self, enough: Callable[[list[Segment]], bool], seconds: float = 10.0) -> list[Segment]:
        """The segments, as soon as `enough` of them. Raises AssertionError when the time is over."""
        with self._news:
            assert self._news.wait_for(lambda: enough(self.segments), seconds), f"after {seconds} s: {self.segments}"
            return list(self.segments)

    def texts(self, number: str) -> list[str]:
        """What `number` reads on its screen: segments put together."""
        return screen(s for s in self.segments if s.receiver.lstrip("+") == number.lstrip("+"))

    def _listen(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            for line in stream:
                with self._news:
                    self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                    self.segments.append(segment(line.rstrip(b"\n")))
                    self._news.notify_all()


def segment(line: bytes) -> Segment:
    """One line of the fake operator's."""
    # An SMS without a letter has no fourth field.
    sender, receiver, kind, rest = [*line.decode("utf-8", "replace").split(" ", 3), "", "", ""][:4]
    udh = b""
    if kind.startswith("udh"):
        first, _, rest = rest.partition(" ")
        udh = unquote_to_bytes(first.replace("+", " "))
        if kind == "udh":
            kind, _, rest = rest.partition(" ")
    data = rest.encode("utf-8") if kind == "text" else unquote_to_bytes(rest.replace("+", " "))
    return Segment(sender, receiver, kind, udh, data)


def screen(segments: Iterable[Segment]) -> list[str]:
    """The messages that a telephone shows: pieces of one reference (3GPP TS 23.040, 9.2.3.24.1) joined in order."""
    whole: list[str] = []
    parts: dict[int, dict[int, Segment]] = {}
    for one in segments:
        if not one.udh:
            whole.append(_text(one.data, one.type))
            continue
        reference, total, place = one.udh[3], one.udh[4], one.udh[5]
        parts.setdefault(reference, {})[place] = one
        if len(parts[reference]) == total:
            ordered = [parts[reference][i] for i in range(1, total + 1)]
            whole.append("".join(_text(p.data, p.type) for p in ordered))
            del parts[reference]
    return whole


def _text(data: bytes, kind: str) -> str:
    ucs2 = "ucs" in kind or (b"\x00" in data) or (b"\x04" in data)
    return data.decode("utf-16-be" if ucs2 else "utf-8")


@dataclass
class Kannel:
    """A running pair of daemons. inbound_url is what they call; sendsms_url is where we send."""

    folder: Path
    inbound_url: str
    ports: dict[str, int]
    phones: Phones
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    username: str = "komek"
    password: str = PASSWORD
    secret: str = SECRET
    number: str = US

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def person_writes(self, number: str, text: str) -> None:
        """A telephone sends us one SMS."""
        self.phones.write(number, text)

    @property
    def received(self) -> list[Segment]:
        """Every SMS that telephones got, in order."""
        return self.phones.segments

    def start(self) -> None:
        conf = self.folder / "kannel.conf"
        conf.write_text(configuration(self.folder, self.inbound_url, self.ports), encoding="utf-8")
        for name, port in (("bearerbox", "smsbox"), ("smsbox", "sendsms")):
            self.run(name)
            self._wait_for_port(name, self.ports[port])
        self.phones.switch_on()

    def run(self, name: str) -> None:
        log = (self.folder / f"{name}.out.log").open("ab")
        program = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin")
        assert program is not None
        with log:
            self.processes[name] = subprocess.Popen(
                [program, "-v", "2", str(self.folder / "kannel.conf")], stdout=log, stderr=log, cwd=self.folder
            )

    def stop(self) -> None:
        self.phones.switch_off()
        for name in ("smsbox", "bearerbox"):
            process = self.processes.pop(name, None)
            if process is None:
                continue
            process.terminate()
            try:
                process.wait(1)  # smsbox waits for connections that are kept open
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait_for_port(self, name: str, port: int) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            assert self.processes[name].poll() is None, (self.folder / f"{name}.out.log").read_text(errors="replace")
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{name} does not listen: " + (self.folder / f"{name}.out.log").read_text(errors="replace"))


def configuration(folder: Path, inbound_url: str, ports: dict[str, int]) -> str:
    """The example with this trial's ports and secrets. Raises AssertionError when the example lost a line we replace."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("admin-port = 13000", f"admin-port = {ports['admin']}"),
        ("smsbox-port = 13001", f"smsbox-port = {ports['smsbox']}"),
        ("port = 10000", f"port = {ports['operator']}"),
        ("sendsms-port = 13013", f"sendsms-port = {ports['sendsms']}"),
        ('"/var/spool/kannel"', f'"{folder / "spool"}"'),
        ("/var/log/kannel/", f"{folder}/"),
        ("password = change-this-password", f"password = {PASSWORD}"),
        ("http://127.0.0.1:8080/sms/kannel?secret=change-this-secret", f"{inbound_url}/sms/kannel?secret={SECRET}"),
        ("http-queue-delay = 10", "http-queue-delay = 1"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "spool").mkdir(exist_ok=True)
    return text


def kannel_at(folder: Path, inbound_url: str) -> Kannel:
    """Daemons that call `inbound_url`; not started yet."""
    ports = dict(zip(("admin", "smsbox", "operator", "sendsms"), free_ports(4), strict=True))
    return Kannel(folder, inbound_url.rstrip("/"), ports, Phones(ports["operator"]))


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody has at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
