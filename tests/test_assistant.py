"""The assistant's answer has one limit of time and one of size, whoever gives it."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from hotline_bridge.assistant import LARGEST, Assistant
from hotline_bridge.errors import AssistantSilent
from hotline_bridge.messages import Reply, Voice

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"


@asynccontextmanager
async def rasa(answer: Callable[[asyncio.StreamWriter], Any]) -> AsyncIterator[str]:
    """A stolen one, that answers as it likes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await answer(writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def asked(url: str, within: float = 5.0) -> list[Reply]:
    assistant = Assistant(url, within)
    try:
        return await assistant.ask(uuid4(), uuid4(), "ой", Voice(), "telegram")
    finally:
        await assistant.close()


def saying(body: bytes, *headers: bytes) -> Callable[[asyncio.StreamWriter], Any]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"".join(headers) + b"\r\n" + body)
        await writer.drain()

    return answer


async def test_a_reply_by_its_key_is_read() -> None:
    body = json.dumps([{"recipient_id": "x", "custom": {"reply": "topic", "topic": "ask_shelter", "options": ["yes"]}}]).encode()
    async with rasa(saying(body)) as url:
        assert await asked(url) == [Reply("topic", topic="ask_shelter", options=("yes",))]


async def test_an_answer_that_drips_is_given_up_after_its_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n")
        while True:  # who waits for the end of it waits for ever
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with rasa(drip) as url, asyncio.timeout(10):
        with pytest.raises(AssistantSilent):
            await asked(url, within=0.3)


async def test_an_endless_answer_is_given_up_at_its_size() -> None:
    written = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(HEAD + b"\r\n")
        while written < 100 * LARGEST:
            writer.write(b" " * LARGEST)
            written += LARGEST
            await writer.drain()

    async with rasa(flood) as url:
        with pytest.raises(AssistantSilent, match="too much"):
            await asked(url)


async def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b'[{"custom": {"reply": "greet"}}]' + b" " * 10_000_000)
    async with rasa(saying(bomb, b"content-encoding: gzip\r\n")) as url:
        with pytest.raises(AssistantSilent):
            await asked(url)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"7",
        b"[7]",
        b'{"custom": 1}',
        b'[{"custom": {"reply": "x", "topics": 7}}]',
        b'[{"custom": {"reply": "x", "values": [1]}}]',
        b'[{"custom": {"reply": 7}}]',
        b"[" * LARGEST,
        b"\xff",
    ],
)
async def test_what_is_no_list_of_replies_is_silence(body: bytes) -> None:
    async with rasa(saying(body)) as url:
        with pytest.raises(AssistantSilent):
            await asked(url)
