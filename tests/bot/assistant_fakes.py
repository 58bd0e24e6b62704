"""What the assistant's tests put in place of the world: the bridge's tickets, an action server, a person who writes."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import threading
import types
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

Custom = dict[str, Any]


@dataclass(frozen=True)
class TicketOpened:
    code: str
    created: bool


@dataclass(frozen=True)
class TicketStatus:
    code: str | None
    state: str
    waiting_hours: int


@dataclass
class FakeTickets:
    """Stands for hotline_bridge.action_api.ActionApi: one open ticket a need and conversation, remembered in order."""

    one: ClassVar[FakeTickets | None] = None
    opened: list[tuple[str, str, str, dict[str, str] | None]] = field(default_factory=list)
    down: bool = False

    @classmethod
    def current(cls) -> FakeTickets:
        cls.one = cls.one or cls()
        return cls.one

    async def open_ticket(self, conversation: str, turn: str, need: str, facts: dict[str, str] | None) -> TicketOpened:
        known = [ticket for ticket in self.opened if (ticket[0], ticket[2]) == (conversation, need)]
        self.opened.append((conversation, turn, need, facts))
        return TicketOpened("K-1", created=not known)

    async def ticket_status(self, conversation: str) -> TicketStatus:
        known = any(ticket[0] == conversation for ticket in self.opened)
        return TicketStatus("K-1", "waiting", 3) if known else TicketStatus(None, "none", 0)


class Dispatcher:
    def __init__(self) -> None:
        self.responses: list[Custom] = []

    def utter_message(self, json_message: Custom) -> None:
        self.responses.append({"custom": json_message})


@dataclass
class Tracker:
    sender_id: str
    latest_message: dict[str, Any]
    slots: dict[str, Any]

    def get_slot(self, name: str) -> Any:
        return self.slots.get(name)


def load_actions() -> dict[str, Any]:
    """The real actions/tickets.py on a stand-in for rasa_sdk, which lives in the bridge's environment."""
    for name, content in {
        "rasa_sdk": {"Action": object, "Tracker": Tracker},
        "rasa_sdk.events": {
            "EventType": dict,
            "SlotSet": lambda key, value: {"event": "slot", "name": key, "value": value},
        },
        "rasa_sdk.executor": {"CollectingDispatcher": Dispatcher},
        "hotline_bridge": {},
        "hotline_bridge.action_api": {"ActionApi": FakeTickets, "TicketOpened": TicketOpened},
    }.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        sys.modules[name] = module
    tickets = importlib.import_module("actions.tickets")
    kinds = [kind for kind in vars(tickets).values() if isinstance(kind, type) and hasattr(kind, "run")]
    return {kind().name(): kind() for kind in kinds}


class ActionServer:
    """An HTTP server that runs the real actions. `calls` keeps each body as it came."""

    def __init__(self) -> None:
        self.actions = load_actions()
        self.calls: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                server.calls.append(body)
                status, answer = (500, {}) if FakeTickets.current().down else (200, server.run(json.loads(body)))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/webhook"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def run(self, call: dict[str, Any]) -> dict[str, Any]:
        dispatcher, state = Dispatcher(), call["tracker"]
        tracker = Tracker(call["sender_id"], state["latest_message"], state["slots"])
        events = asyncio.run(self.actions[call["next_action"]].run(dispatcher, tracker, {}))
        return {"events": events, "responses": dispatcher.responses}

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Person:
    """A conversation with the assistant in this process: each `says` is a new turn unless a turn is named."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.conversation = str(uuid.uuid4())
        self.turn = ""

    async def says(self, text: str, turn: str | None = None) -> list[Custom]:
        self.turn = turn or str(uuid.uuid4())
        collected = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(text, collected, f"{self.conversation}:{self.turn}"))
        return [message["custom"] for message in collected.messages]

    async def keys(self, text: str) -> list[str]:
        """The keys of what is said, without the word to the bridge for what a human is wanted."""
        return [custom["reply"] for custom in await self.says(text) if custom["reply"] != "wanted"]

    async def wants(self, text: str) -> list[dict[str, str]]:
        """For what a human is wanted after this, as the bridge is told."""
        return [custom["values"] for custom in await self.says(text) if custom["reply"] == "wanted"]
