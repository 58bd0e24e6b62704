"""SMS through Twilio: signed webhooks in (https://www.twilio.com/docs/usage/security), the Messages resource out."""

from __future__ import annotations

import contextlib
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from hotline_bridge.channels.base import Pace, Parsed, Request
from hotline_bridge.channels.quiet import silence
from hotline_bridge.channels.sms_twilio_errors import is_gone, send_error
from hotline_bridge.channels.sms_twilio_requests import read_message, read_status
from hotline_bridge.errors import Forged, NeverAgain, SendError, TryAgain, Unreadable
from hotline_bridge.messages import Channel, Inbound, Message, Receipt
from hotline_bridge.sms_text import plain

MESSAGE_PATH = "/sms/twilio"
STATUS_PATH = "/sms/twilio/status"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # what the server answers, as application/xml: no reply now
SECONDS = 10.0
FIELDS = 500  # in one form; Twilio sends some thirty
FAULTS = (TwilioException, aiohttp.ClientError, OSError, ValueError, TypeError, LookupError, AttributeError)


class TwilioChannel:
    """A ChannelAdapter. The reference of a sent message is its MessageSid."""

    name = Channel.TWILIO

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, public_url: str, api_root: str | None, per_second: float = 1.0,
        delete: bool = True,
    ) -> None:  # fmt: skip
        """delete: whether records of messages are erased from the account."""
        silence()
        self.keeps_records = delete
        self.pace = Pace(overall=per_second, each=per_second)
        self._credentials = (account_sid, auth_token)
        self._sender = sender
        self._public = public_url.rstrip("/")
        self._root = api_root
        self._validator = RequestValidator(auth_token)
        self._client: Client | None = None

    def parse(self, request: Request) -> Parsed:
        """The message or status in a webhook call. Raises Forged or Unreadable."""
        signature = request.headers.get("x-twilio-signature", "")
        if not signature:
            raise Forged("X-Twilio-Signature is missing")
        form = _form(request.body)
        # Twilio signs the address as it sees it, before any proxy of ours; the validator tries it with and without port.
        url = self._public + request.path + (f"?{request.query}" if request.query else "")
        if not self._validator.validate(url, form, signature):
            raise Forged("X-Twilio-Signature is wrong")
        if request.path == STATUS_PATH:
            return read_status(form)
        return read_message(form)

    async def send(self, address: str, message: Message) -> Receipt:
        """Hand over one message; a status callback says later what became of it. Buttons are numbered lines already."""
        try:
            sent = await self._messages().create_async(
                to=address,
                from_=self._sender,
                body=plain(message.text),
                status_callback=self._public + STATUS_PATH,
                # Twilio keeps neither words nor number: tests/channels/test_twilio_send.py
                content_retention="discard",
                address_retention="obfuscate",
            )
            return Receipt(str(sent.sid) if sent.sid else None, final=False)
        except FAULTS as error:
            raise send_error(error) from None

    async def acknowledge(self, inbound: Inbound) -> None:
        """Twilio needs none beyond the answer to its webhook."""

    async def leave(self, address: str) -> None:
        """There are no groups."""

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        """Delete Message resources. One that is still under way cannot be: its words are taken out, and it is tried again."""
        for sid in references:
            try:
                await self._messages()(sid).delete_async()
            except FAULTS as error:
                if not is_gone(error):
                    await self._not_erased(sid, send_error(error))

    async def _not_erased(self, sid: str, error: SendError) -> None:
        """Raises what is to be done. https://www.twilio.com/docs/messaging/api/message-resource#redact-a-message"""
        if not isinstance(error, NeverAgain):
            raise error
        with contextlib.suppress(*FAULTS):  # a message without words may be refused, too; it is deleted later all the same
            await self._messages()(sid).update_async(body="")
        raise TryAgain("under_way")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.http_client.close()
            self._client = None

    def _messages(self) -> Any:
        if self._client is None:  # the library wants a running loop
            self._client = Client(*self._credentials, http_client=_QuietClient(self._root))
        return self._client.messages


class _QuietClient(AsyncTwilioHttpClient):  # type: ignore[misc, unused-ignore]  # the library has no types
    """The library's client with a time limit, a root of our choice, and no memory of the last request."""

    def __init__(self, root: str | None) -> None:
        super().__init__(pool_connections=False)
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        self._root = urlsplit(root) if root else None

    async def request(self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None,
                      auth: Any = None, timeout: float | None = None, allow_redirects: bool = False) -> Response:  # fmt: skip
        if self._root is not None:
            url = urlsplit(url)._replace(scheme=self._root.scheme, netloc=self._root.netloc).geturl()
        if auth is not None:  # made here, because the class that the library uses for it is deprecated in aiohttp
            headers = {**(headers or {}), "Authorization": "Basic " + b64encode(":".join(auth).encode()).decode("ascii")}
        try:
            return await super().request(method, url, params, data, headers, None, timeout or SECONDS, allow_redirects)
        finally:
            # The library keeps both "for tests": number and words would stay in memory.
            self._test_only_last_request = self._test_only_last_response = None


def _form(body: bytes) -> dict[str, str]:
    try:
        text = body.decode("utf-8")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        raise Unreadable("The body is not a form") from None
