"""Security headers on every answer, whoever makes it: a page, a file, an error."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing from elsewhere, no inline script, no inline style, in nobody's frame.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it browsers send our own forms with `Origin: null`, which is refused (guard.py).
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOT_KEPT = {"cache-control": "no-store"}
KEPT = {"cache-control": "public, max-age=31536000, immutable"}  # a file whose address changes with its content
SVG = b"image/svg+xml; charset=utf-8"  # Starlette names the letters of text/ only
HSTS = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


class Guarded:
    """The app behind its headers."""

    def __init__(self, inside: ASGIApp, *, https: bool) -> None:
        self._inside = inside
        self._fixed = HEADERS | (HSTS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and add the headers to what comes back."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = self._fixed | (KEPT if _is_kept(scope, message["status"]) else NOT_KEPT)
                ours = {name.encode() for name in added}
                others = [(k, SVG if v == b"image/svg+xml" else v) for k, v in message["headers"] if k.lower() not in ours]
                message["headers"] = [*others, *((k.encode(), v.encode()) for k, v in added.items())]
            await send(message)

        await self._inside(scope, receive, guarded)


def _is_kept(scope: Scope, status: int) -> bool:
    return status == 200 and scope.get("path", "").startswith("/static/") and scope.get("query_string", b"").startswith(b"v=")
