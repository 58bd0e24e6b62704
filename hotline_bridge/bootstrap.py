"""The one place that builds things from the settings. Each process asks for what its role may have, and for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import procrastinate

from hotline_bridge import datafolder
from hotline_bridge.channels.base import ChannelAdapter
from hotline_bridge.desk import Desk
from hotline_bridge.errors import SettingError
from hotline_bridge.flow.stations import CryLists, DeskStations, Reading, Stations, Store
from hotline_bridge.messages import Channel
from hotline_bridge.settings import PROJECT, Settings
from hotline_bridge.store import engine, jobs
from hotline_bridge.vault import ring
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.ring import Ring

if TYPE_CHECKING:
    from bot.reading.language import LanguageReader
    from hotline_bridge.action_api import ActionApi
    from hotline_bridge.anonymiser.anonymiser import Anonymiser
    from hotline_bridge.lists import Lists
    from hotline_bridge.replies.render import Renderer

T = TypeVar("T")
# What only one role needs is imported where it is built: a process pays in memory for its own role alone.


def database_url(settings: Settings) -> str:
    """DATABASE_URL, with the password of DATABASE_PASSWORD_FILE; `serve` sets it for its processes with the embedded server."""
    if settings.database_url is None:
        raise SettingError("DATABASE_URL is not set; start everything with ./run.sh serve, which brings a database along")
    url = settings.database_url.get_secret_value()
    if settings.database_password_file is None:
        return url
    try:
        password = settings.database_password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"DATABASE_PASSWORD_FILE names a file that cannot be read: {error.strerror}") from None
    return engine.with_password(url, password)


def rings(settings: Settings) -> dict[str, Ring]:
    """The keys above all others, by name. Before the first start there may be none."""
    return {"master": _master_keys(settings), "desk": _desk_keys(settings)}


def _master_keys(settings: Settings) -> Ring:
    value = settings.komek_master_key.get_secret_value() if settings.komek_master_key else None
    return ring.load(value, settings.komek_master_key_file, settings.komek_data, "KOMEK_MASTER_KEY", "master.key")


def _desk_keys(settings: Settings) -> Ring:
    value = settings.komek_desk_key.get_secret_value() if settings.komek_desk_key else None
    return ring.load(value, settings.komek_desk_key_file, settings.komek_data, "KOMEK_DESK_KEY", "desk.key")


def vault(settings: Settings) -> Vault:
    """The vault under the master keys; whoever uses it opens it first (flow/unlock.py)."""
    datafolder.prepare(settings.komek_data)
    return Vault(_master_keys(settings))


def desk(settings: Settings) -> Desk:
    """The desk under its own keys, which open nothing of the vault; whoever uses it opens it first."""
    datafolder.prepare(settings.komek_data)
    return Desk(_desk_keys(settings))


def store(settings: Settings, *, connections: int, ping: bool = True) -> Store:
    """The database with at most `connections` connections for us and half as many for the queue."""
    url = database_url(settings)
    queue = procrastinate.App(connector=jobs.connector(url, size=max(2, connections // 2)))
    return Store(engine.create(url, size=connections, ping=ping), queue)


def trial_token(settings: Settings) -> str:
    """By which the trial phones' server knows our worker."""
    return datafolder.token(datafolder.prepare(settings.komek_data), "trial.token")


def channels(settings: Settings) -> Mapping[Channel, ChannelAdapter]:
    """Every configured channel, by name."""
    made: dict[Channel, ChannelAdapter] = {}
    public = str(settings.komek_public_url or "").rstrip("/")
    if settings.telegram_bot_token:
        from hotline_bridge.channels.telegram import TelegramChannel

        secret = settings.telegram_webhook_secret
        made[Channel.TELEGRAM] = TelegramChannel(
            token=settings.telegram_bot_token.get_secret_value(),
            api_root=settings.telegram_api_root,
            webhook_secret=secret.get_secret_value() if secret else "",
        )
    if settings.twilio_from and settings.twilio_account_sid and settings.twilio_auth_token:
        from hotline_bridge.channels.sms_twilio import TwilioChannel

        made[Channel.TWILIO] = TwilioChannel(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            sender=settings.twilio_from,
            public_url=public,
            api_root=settings.twilio_api_root,
            per_second=settings.twilio_per_second,
            delete=settings.komek_twilio_delete == "on",
        )
    if settings.kannel_from and settings.kannel_sendsms_url and settings.kannel_password and settings.kannel_inbound_secret:
        from hotline_bridge.channels.sms_kannel import KannelChannel

        made[Channel.KANNEL] = KannelChannel(
            sendsms_url=settings.kannel_sendsms_url,
            username=settings.kannel_username or "",
            password=settings.kannel_password.get_secret_value(),
            sender=settings.kannel_from,
            inbound_secret=settings.kannel_inbound_secret.get_secret_value(),
            own_url=settings.komek_own_url or f"http://127.0.0.1:{settings.komek_port}",
            per_second=settings.kannel_per_second,
        )
    if settings.trial:
        from hotline_bridge.channels.trial import TrialChannel

        token = trial_token(settings)
        url = f"http://127.0.0.1:{settings.komek_console_port}"
        made[Channel.TRIAL_CHAT] = TrialChannel(Channel.TRIAL_CHAT, url, token)
        made[Channel.TRIAL_SMS] = TrialChannel(Channel.TRIAL_SMS, url, token)
    return made


def reading(nlu: Path = PROJECT / "nlu") -> Reading:
    """Language, danger, orders and choices, from the linguist's files and the trained language model."""
    from bot.reading.agreed_words import AgreedWords
    from bot.reading.answers import Answers
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList

    return Reading(
        DangerList.load(nlu / "danger"),
        Commands.load(nlu / "commands"),
        language_reader(nlu),
        Answers.load(nlu / "answers"),
        AgreedWords.load(nlu / "agreed_words"),
    )


def cry_lists(nlu: Path = PROJECT / "nlu") -> CryLists:
    """What tells a cry for help, without any model."""
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList

    return CryLists(DangerList.load(nlu / "danger"), Commands.load(nlu / "commands"))


def language_reader(nlu: Path = PROJECT / "nlu") -> LanguageReader:
    """The trained language model."""
    from bot.current_model import current_model
    from bot.reading.language import LanguageReader

    return LanguageReader.load(current_model(nlu))


def anonymiser() -> Anonymiser:
    """What finds identifiers; it takes a second and 50 MB."""
    from hotline_bridge.anonymiser.anonymiser import Anonymiser

    return Anonymiser()


def renderer(settings: Settings, project: Path = PROJECT) -> Renderer:
    """Knowledge and the four catalogs."""
    from hotline_bridge import knowledge
    from hotline_bridge.replies import catalogs
    from hotline_bridge.replies.render import Renderer

    loaded = knowledge.load(project / "knowledge")
    return Renderer(loaded, catalogs.load(project / "locales"), settings.komek_duty_to_tell_police, settings.limits)


def lists(project: Path = PROJECT) -> Lists:
    """What the lawyer keeps for operators to read."""
    from hotline_bridge import lists

    return lists.load(project / "knowledge")


def for_receiving(settings: Settings, nlu: Path = PROJECT / "nlu") -> Stations:
    """web: store what arrives, words of danger before the others."""
    return _receiving(settings, store(settings, connections=8), nlu)


def _receiving(settings: Settings, opened: Store, nlu: Path) -> Stations:
    return Stations(opened, vault(settings), channels(settings), alarm=cry_lists(nlu))


def for_desk(settings: Settings, nlu: Path = PROJECT / "nlu") -> DeskStations:
    """console: what operators may read, under the desk's key alone. Only for the trial phones it opens the vault."""
    opened = store(settings, connections=8)
    return DeskStations(
        opened,
        desk(settings),
        renderer=_once(lambda: renderer(settings)),
        language=_once(lambda: language_reader(nlu)),
        anonymiser=_once(anonymiser),
        phones=_receiving(settings, opened, nlu) if settings.trial else None,
        lists=_once(lists),
    )


def for_actions(settings: Settings) -> ActionApi:
    """actions: open a ticket and say what became of it, with no key."""
    from hotline_bridge.action_api import ActionApi

    return ActionApi(store(settings, connections=4))


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """`make` at the first call, whichever thread is first; the same thing from then on."""
    made: list[T] = []
    lock = threading.Lock()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def for_orders(settings: Settings, url: str) -> DeskStations:
    """The command line's orders to the desk, such as an invitation: one connection to the database at `url`, nothing else."""
    queue = procrastinate.App(connector=jobs.connector(url, size=1))
    return DeskStations(Store(engine.create(url, size=1), queue), desk(settings))


@contextmanager
def reachable_database(settings: Settings) -> Iterator[str]:
    """The address of the database that `serve` uses, which is started for the moment if it does not run."""
    from hotline_bridge.store import embedded

    url = database_url(settings) if settings.database_url else None
    with embedded.reach(url, datafolder.prepare(settings.komek_data), make=True) as address:
        yield address


def for_working(settings: Settings) -> Stations:
    """worker: answer, deliver, forget."""
    from hotline_bridge.assistant import Assistant

    return Stations(
        store(settings, connections=16, ping=False),
        vault(settings),
        channels(settings),
        reading=reading(),
        anonymiser=anonymiser(),
        assistant=Assistant(settings.komek_rasa_url),
        renderer=renderer(settings),
        desk=desk(settings),
    )
