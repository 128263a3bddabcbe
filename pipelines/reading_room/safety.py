"""Around every answer: who may ask, and what a browser may do with what it gets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from pipelines.reading_room.settings import RoomSettings

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

#: Nothing from elsewhere, nothing inline, no frame around us, no base address of somebody else's.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
#: Tools of Datasette's developers: forms that write, and pages with scripts of their own inside.
CLOSED = (
    "/-/actor",
    "/-/allow-debug",
    "/-/auth-token",
    "/-/logout",
    "/-/messages",
    "/-/patterns",
    "/-/permissions",
    "/-/threads",
    "/_internal",
    "/_memory",
)
#: What a public room leaves of Datasette's own pages about itself.
PUBLIC_OWN = ("/-/static/", "/-/versions")


def guarded(application: Application, settings: RoomSettings) -> Application:
    """`application` behind the checks; Datasette's `asgi_wrapper` hook hands it in."""

    async def guard(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return

        async def send_safely(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        refusal = refused(scope, settings)
        if refusal is None:
            await application(scope, receive, send_safely)
            return
        status, words = refusal
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send_safely({"type": "http.response.start", "status": status, "headers": headers})
        await send_safely({"type": "http.response.body", "body": words.encode()})

    return guard


def refused(scope: Scope, settings: RoomSettings) -> tuple[int, str] | None:
    """Status and words of a refusal; None for a request that may pass."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    # a page elsewhere may let its own name point here: then the browser sends that name
    if len(given) != 1 or _name(given[0]) not in settings.hosts:
        return 421, "This reading room does not answer to that name; see --host-name.\n"
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "The reading room only reads.\n"
    path = scope["path"]
    if path.startswith(("//", "/\\")):
        return 404, "There is no such page.\n"  # cut to a redirect, it would name another host
    if any(path == closed or path.startswith((f"{closed}/", f"{closed}.")) for closed in CLOSED):
        return 404, "There is no such page.\n"
    if settings.public and path.startswith("/-/") and not path.startswith(PUBLIC_OWN):
        return 404, "There is no such page.\n"
    return None


def _name(host: bytes) -> str:
    """Name in a Host header, lower case, without port; "" for what is none."""
    try:
        return (urlsplit(f"//{host.decode('ascii')}").hostname or "").rstrip(".")
    except ValueError:  # UnicodeDecodeError is one
        return ""
