"""Speed and memory of Komek on this machine: ./run.sh bench [PART ...] [--seconds N] [--json FILE] [--cold].

Everything happens on loopback with fake providers, in bounded time, and ends with no process left. A missed goal is printed
as missed and is no error: exit 1 means that a part could not be measured at all.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# tests/ is no package (pytest imports without a root): its folders are found as pytest finds them.
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from bench import desk, growth, hostile, installation, load, machine, memory, pages, parsing, start, stored  # noqa: E402
from bench.figures import Report  # noqa: E402

LOADED = ("ack", "journey", "memory")  # of one load
TOGETHER = (*LOADED, "highest", "turns")  # in one installation
PARTS = (*TOGETHER, "stored", "parse", "hostile", "start", "console", "pages")


def main() -> int:
    given = _given()
    # An end from outside, too, goes through every `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report(machine.describe())
    print(report.head(), flush=True)
    if given.parts & set(TOGETHER):
        with report.attempt("installation"):
            _in_one_installation(report, given.parts, given.seconds)
    if "console" in given.parts:
        with report.attempt("console"), installation.running(desk.stored) as komek:
            report.add(desk.measure(komek, given.seconds))
    if "pages" in given.parts:
        with report.attempt("pages"):
            report.add(pages.measure())
    if "stored" in given.parts:
        with report.attempt("stored"):
            report.add(stored.compare(rounds=_scaled(given.seconds, 100)))
    if "parse" in given.parts:
        with report.attempt("parse"):
            report.add(parsing.measure())
    if "hostile" in given.parts:
        with report.attempt("hostile"):
            report.add(hostile.measure())
    if "start" in given.parts:
        with report.attempt("start"):
            report.add(start.again())
        if given.cold:
            with report.attempt("cold start"):
                report.add(start.from_nothing())
    if given.json:
        given.json.write_text(report.json(), encoding="utf-8")
    return 1 if report.failures else 0


def _in_one_installation(report: Report, parts: set[str], seconds: float) -> None:
    with installation.running() as komek:
        if parts & set(LOADED):
            with report.attempt("ack and journey"):
                report.add([one for one in load.at_goal(komek, seconds) if one.part in parts])
        if "memory" in parts:
            with report.attempt("memory"):
                report.add(memory.idle(komek))
        if "highest" in parts:
            with report.attempt("highest"):
                report.add(load.highest(komek, max(4.0, seconds / 3)))
        if "turns" in parts:
            with report.attempt("turns"):
                report.add(growth.turns(komek, conversations=_scaled(seconds, 8)))


def _scaled(seconds: float, usual: int) -> int:
    """Fewer repetitions for a run shorter than the usual minute, never more."""
    return max(2, min(usual, round(usual * seconds / 60)))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run.sh bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the load at 30 messages a second (default: 60)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--cold", action="store_true", help="with start: also from nothing, everything downloaded (minutes)")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    given.parts = set(given.parts) or set(PARTS)
    return given


if __name__ == "__main__":
    sys.exit(main())
