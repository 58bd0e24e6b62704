"""SMS through Kannel: smsbox asks /sms/kannel for each message, and takes ours at its sendsms address.

Protocol: Kannel user guide 1.4.5, "SMS Push". docs/kannel/kannel.conf.example is the other half of this file.
"""

from __future__ import annotations

import hmac
import uuid
from urllib.parse import quote

import httpx

from hotline_bridge.channels.base import Pace, Parsed, Request
from hotline_bridge.channels.quiet import silence
from hotline_bridge.channels.sms_kannel_errors import send_error, taken
from hotline_bridge.channels.sms_kannel_requests import parameters, read_message, read_status
from hotline_bridge.errors import Forged, NeverAgain, OutOfOrder, TryAgain
from hotline_bridge.messages import Channel, Inbound, Message, Receipt
from hotline_bridge.sms_text import cost, plain

STATUS_PATH = "/sms/kannel/status"
SECONDS = 10.0
SEVEN_BIT, UCS2 = "0", "2"  # X-Kannel-Coding
ALL_REPORTS = "31"  # X-Kannel-DLR-Mask: delivered, not delivered, queued, at the operator, refused by the operator
PRIORITY = "2"  # of 0 to 3: before anything that others send in bulk through the same Kannel


class KannelChannel:
    """A ChannelAdapter. The reference of a sent message is an id of our own, which the delivery report brings back."""

    name = Channel.KANNEL
    keeps_records = False  # what Kannel logs is a matter of its configuration: docs/kannel/kannel.conf.example

    def __init__(
        self, sendsms_url: str, username: str, password: str, sender: str, inbound_secret: str, own_url: str | None,
        per_second: float = 5.0,
    ) -> None:  # fmt: skip
        """own_url: where Kannel reaches our listener, such as http://127.0.0.1:8080; None asks for no reports."""
        silence()
        self.pace = Pace(overall=per_second, each=per_second)
        self._url = sendsms_url
        self._who = {"X-Kannel-Username": username, "X-Kannel-Password": password, "X-Kannel-From": sender}
        self._secret = inbound_secret.encode("utf-8")
        self._own_url = own_url.rstrip("/") if own_url else None
        self._http: httpx.AsyncClient | None = None

    def parse(self, request: Request) -> Parsed:
        """The message or report in a call. Raises Forged or Unreadable."""
        given = parameters(request)
        if not self._secret or not hmac.compare_digest(given.get("secret", b""), self._secret):
            raise Forged("The secret of Kannel's request is wrong or missing")
        return read_status(given) if request.path == STATUS_PATH else read_message(request, given)

    async def send(self, address: str, message: Message) -> Receipt:
        """Hand over one message, in the GSM alphabet when that can say it, otherwise in UCS-2."""
        reference = uuid.uuid4().hex
        text = plain(message.text).encode("utf-8", "replace").decode("utf-8")
        if not text.strip():
            raise NeverAgain("body_missing")
        try:
            answer = await self._client().post(
                self._url, headers=self._headers(address, text, reference), content=text.encode("utf-8")
            )
        except httpx.TimeoutException:
            raise TryAgain("timeout") from None
        except httpx.HTTPError:
            raise TryAgain("network") from None
        except (httpx.InvalidURL, ValueError):
            raise OutOfOrder("no_such_address") from None
        if not taken(answer.status_code, answer.text):
            raise send_error(answer.status_code, answer.text)
        return Receipt(reference, final=self._own_url is None)

    async def acknowledge(self, inbound: Inbound) -> None:
        """Kannel needs none beyond the answer to its request."""

    async def leave(self, address: str) -> None:
        """There are no groups."""

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        """There is nothing that could be erased by its id."""

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)
        return self._http

    def _headers(self, address: str, text: str, reference: str) -> dict[bytes, bytes]:
        """Everything but the words. A POST with headers, so that neither number nor password is in a logged address."""
        if address.split() != [address] or not address.isprintable():
            raise NeverAgain("bad_address")  # a space would make two receivers of it
        headers = {
            **self._who,
            "X-Kannel-To": address,
            "X-Kannel-Coding": SEVEN_BIT if cost(text).alphabet == "gsm7" else UCS2,
            "X-Kannel-Priority": PRIORITY,
            "Content-Type": "text/plain; charset=UTF-8",
            **self._report(reference),
        }
        return {name.encode("ascii"): value.encode("utf-8") for name, value in headers.items()}

    def _report(self, reference: str) -> dict[str, str]:
        """Headers that ask for a delivery report. Without %A: an operator's answer can repeat the first words."""
        if self._own_url is None:
            return {}
        # Kannel reads % as the start of an escape code and %% as a percent sign.
        secret = quote(self._secret, safe="").replace("%", "%%")
        url = f"{self._own_url}{STATUS_PATH}?secret={secret}&id={reference}&state=%d"
        return {"X-Kannel-DLR-Mask": ALL_REPORTS, "X-Kannel-DLR-Url": url}
