"""The command line: python -m hotline_bridge COMMAND. ./run.sh calls it with everything set up."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import OperationalError

from hotline_bridge import core_dumps
from hotline_bridge import settings as settings_module
from hotline_bridge.custody import orders
from hotline_bridge.errors import KomekError
from hotline_bridge.local_time import day_of
from hotline_bridge.settings import PROJECT, Settings


def _serve(settings: Settings, _: argparse.Namespace) -> int:
    from hotline_bridge.serve.supervisor import serve

    asyncio.run(serve(settings, lambda line: print(line, flush=True)))
    return 0


def _role(settings: Settings, given: argparse.Namespace) -> int:
    import uvloop

    from hotline_bridge.serve import logs, run

    logs.configure(given.command)
    step = {"web": run.web, "worker": run.worker, "console": run.console}[given.command]
    uvloop.run(step(settings))
    return 0


def _actions(settings: Settings, _: argparse.Namespace) -> int:
    from hotline_bridge.serve import actions_server

    return actions_server.run(settings)


def _invite(settings: Settings, given: argparse.Namespace) -> int:
    import structlog

    from hotline_bridge import bootstrap
    from hotline_bridge.accounts import invitations
    from hotline_bridge.accounts.people import Role
    from hotline_bridge.console.sentences import sentence
    from hotline_bridge.errors import AccountRefused, SettingError
    from hotline_bridge.flow.invite import invite
    from hotline_bridge.flow.unlock import unlock
    from hotline_bridge.store import migrate

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

    async def token(url: str) -> str:
        stations = bootstrap.for_orders(settings, url)
        try:
            await unlock(stations.store.engine, stations.desk)
            return await invite(stations, given.name, Role.ADMINISTRATOR, (), None)
        except AccountRefused as error:
            said, values = sentence(error)
            raise SettingError(said % values) from None
        finally:
            await stations.store.engine.dispose()

    with bootstrap.reachable_database(settings) as url:
        if settings.database_url is None:  # elsewhere `migrate` has done it, and the console's own role could not
            migrate.upgrade(url)
        link = f"{settings.console_url}/invitation/{asyncio.run(token(url))}"
    hours = invitations.LASTS // timedelta(hours=1)
    print(f"Open this link to become an administrator. It works once, for {hours} hours, and is not shown again:\n\n    {link}\n")
    return 0


def _audit(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge import audit_order

    return audit_order.run(settings, given)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from hotline_bridge import bootstrap, datafolder
    from hotline_bridge.store import embedded, migrate, roles

    if settings.database_url:
        url = bootstrap.database_url(settings)
        migrate.upgrade(url)
        granted = roles.apply(url, roles.passwords(settings.komek_role_passwords))
    else:
        folder = datafolder.prepare(settings.komek_data)
        with datafolder.claim(folder):
            server = embedded.start(folder)
            try:
                migrate.upgrade(embedded.url(server))
                granted = roles.apply(embedded.url(server))
            finally:
                server.cleanup()
    print("The tables are up to date.")
    if not granted:
        print("DATABASE_URL's user may not make roles, so all processes share its rights: let the database's owner migrate.")
    return 0


def _chat(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.console.terminal import chat

    return asyncio.run(chat(settings, sms=given.sms))


def _check(settings: Settings, _: argparse.Namespace) -> int:
    from hotline_bridge import bootstrap
    from hotline_bridge.check import check
    from hotline_bridge.custody import age
    from hotline_bridge.vault import copies

    outlived = age.warnings(settings.komek_data, timedelta(days=settings.komek_keep_key_copies_days), datetime.now(UTC))
    for line in (*copies.warnings(bootstrap.rings(settings), settings.komek_data), *outlived):
        print(line)
    found = check(PROJECT, day_of(datetime.now(UTC)))
    for line in found:
        print(line)
    print(f"{len(found)} to be looked at." if found else "Knowledge, translations and lists are in order.")
    return 1 if found else 0


def _catalogs(_: Settings, __: argparse.Namespace) -> int:
    from hotline_bridge import knowledge
    from hotline_bridge.console import catalogs as console_catalogs
    from hotline_bridge.replies import catalogs

    catalogs.update(PROJECT / "locales", knowledge.load(PROJECT / "knowledge"))
    console_catalogs.update(PROJECT / "locales")
    print("The templates and the catalogs hold every text; new and changed ones are empty or marked fuzzy.")
    return 0


def _evaluate(_: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.anonymiser import evaluate

    return evaluate.run(given.file, given.predictions, misses=given.misses)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="komek", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Callable[[Settings, argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    add("all", _serve, "everything on one machine, with an embedded database unless DATABASE_URL is set")
    add("web", _role, "the internet's listener: store what arrives")
    add("worker", _role, "answer and deliver")
    add("console", _role, "the operators' listener and the trial phones")
    add("actions", _actions, "the action server that Rasa calls")
    add("migrate", _migrate, "bring the database's tables up to date")
    invite = add("invite-administrator", _invite, "print a one-time link by which somebody becomes the console's administrator")
    invite.add_argument("--name", default="Administrator", help="what colleagues will read")
    add("chat", _chat, "a phone in the terminal").add_argument(
        "--sms", action="store_true", help="a feature phone instead of a messenger"
    )
    orders.add_to(add)
    add("check", _check, "knowledge, translations and word lists: what is stale, missing or wrong")
    add("catalogs", _catalogs, "bring locales/ up to date with knowledge/ and the console")
    audit = add("audit", _audit, "the audit trail: who did what when").add_subparsers(dest="order", required=True)
    verify = audit.add_parser("verify", help="prove that no row was changed, removed, moved or added")
    verify.add_argument("--seen", nargs="*", default=[], metavar="MARK", help="marks that this command printed before")
    evaluate = add("evaluate-anonymiser", _evaluate, "measure the anonymiser on a file of marked messages")
    evaluate.add_argument("file", nargs="?", help="without it the held-out messages of tests/anonymiser/heldout are read")
    evaluate.add_argument("--predictions", help="write every message with its anonymised form to this file")
    evaluate.add_argument("--misses", action="store_true", help="print what was left and what was hidden for nothing")
    return parser


def main() -> int:
    """0 when all went well; a sentence on standard error otherwise."""
    core_dumps.forbid()
    given = _parser().parse_args()
    try:
        return int(given.run(settings_module.load(), given))
    except OperationalError:
        print("The database does not answer: look at DATABASE_URL, and whether its server runs.", file=sys.stderr)
        return 2
    except KomekError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
