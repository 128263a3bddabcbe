"""The hooks of Datasette by which its application becomes a reading room.

Every hook asks first whether the application is a room of ours: plugins are registered once for all
applications of a process.
"""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlencode

from datasette import Forbidden, NotFound, hookimpl  # type: ignore[import-untyped]
from datasette import handle_exception as theirs
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from markupsafe import Markup

from pipelines.reading_room import catalogue, exports, safety
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.reading_room.display import Display
from pipelines.reading_room.front import by_article
from pipelines.reading_room.pages import PAGES, Page
from pipelines.reading_room.settings import DATABASE, LANGUAGES, RoomSettings, settings_of

#: Cookie that keeps the language a reader chose, and for how long, in seconds (a year).
LANGUAGE_COOKIE, LANGUAGE_KEPT = "veille_language", 365 * 24 * 3600
#: Time that the queries of a page may take, milliseconds: what takes longer will not end soon.
PAGE_LIMIT = 10_000
#: Longest value of a query that a page looks at, in code points.
CHOICE_LIMIT = 300
#: A moment as the ledger writes it; cut in two lines it is hard to read.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+-]+")

F = TypeVar("F", bound=Callable[..., Any])


def hook(function: F) -> F:
    """Mark a hook of Datasette; its own decorator has no types."""
    return cast(F, hookimpl(function))


def first_hook(function: F) -> F:
    """A hook whose answer goes before those of others."""
    return cast(F, hookimpl(tryfirst=True)(function))


@hook
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    if settings_of(datasette) is None:
        return []
    return [(page.address, _view(page)) for page in PAGES] + [(exports.ADDRESS, exports.view)]


@hook
def startup(datasette: Any) -> Callable[[], Awaitable[None]] | None:
    """Fold the deals before the first reader comes."""
    room = settings_of(datasette)
    if room is None:
        return None

    async def fold() -> None:
        await datasette.get_database(DATABASE).execute_fn(room.beliefs.all)

    return fold


def _view(page: Page) -> Callable[..., Awaitable[Any]]:
    async def view(datasette: Any, request: Any) -> Any:
        room = settings_of(datasette)
        assert room is not None  # the route was registered for a room
        parts = request.url_vars
        ask = Ask(
            room, language_of(request, room), unquote(parts.get("key") or ""), _choices(request)
        )

        def gather(connection: Any) -> Gathered | None:
            with sqlite_timelimit(connection, PAGE_LIMIT):
                return page.gather(connection, ask)

        gathered = await datasette.get_database(DATABASE).execute_fn(gather)
        if gathered is None:
            raise NotFound(Display(ask.language, room.zone).t("not_found"))
        match parts.get("form"):
            case "json":
                return Response.json(gathered.facts)
            case "csv":
                names = list(gathered.rows[0]) if gathered.rows else []
                return exports.sheet(names, [list(row.values()) for row in gathered.rows])
        context = {
            **gathered.facts,
            **{name: Markup(svg) for name, svg in gathered.drawings.items()},  # noqa: S704
            "page": page.name,
            "forms": _forms(request, page),
        }
        html = await datasette.render_template(page.template, context, request=request)
        return Response.html(html, headers=_language_headers(request))

    return view


def _choices(request: Any) -> dict[str, str]:
    pairs = parse_qsl(request.query_string, encoding="utf-8", errors="replace")
    return {name: value.strip()[:CHOICE_LIMIT] for name, value in pairs if value.strip()}


def _forms(request: Any, page: Page) -> dict[str, str]:
    """Addresses of the same values as JSON and CSV."""
    path = "/changes" if page.name == "front" else request.path
    kept = {k: v for k, v in parse_qsl(request.query_string) if k != "lang"}
    query = f"?{urlencode(kept)}" if kept else ""
    return {form.upper(): f"{path}.{form}{query}" for form in ("json", "csv")}


# -- language -------------------------------------------------------------------------------------


def language_of(request: Any, room: RoomSettings) -> str:
    """What the reader chose just now, chose before, or what the browser asks for."""
    if request is None:
        return room.language
    chosen = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    accepted = request.headers.get("accept-language", "")
    wanted = (one.split(";")[0].strip()[:2].lower() for one in accepted.split(","))
    return next((one for one in (*chosen, *wanted) if one in LANGUAGES), room.language)


def _language_headers(request: Any) -> dict[str, str]:
    headers = {"vary": "accept-language, cookie"}
    if request.args.get("lang") in LANGUAGES:
        cookie = f"{LANGUAGE_COOKIE}={request.args['lang']}; Path=/; Max-Age={LANGUAGE_KEPT}"
        headers["set-cookie"] = f"{cookie}; SameSite=Lax; HttpOnly"
    return headers


@hook
def extra_template_vars(request: Any, datasette: Any) -> dict[str, Any]:
    room = settings_of(datasette)
    if room is None:
        return {}
    return template_words(room, language_of(request, room), request)


def template_words(room: RoomSettings, language: str, request: Any) -> dict[str, Any]:
    """What every template may use."""
    display = Display(language, room.zone)
    kept = [] if request is None else parse_qsl(request.query_string, errors="replace")

    def in_language(other: str) -> str:
        return "?" + urlencode([*((k, v) for k, v in kept if k != "lang"), ("lang", other)])

    return {
        "d": display,
        "t": display.t,
        "language": language,
        "languages": LANGUAGES,
        "in_language": in_language,
        "room": room,
        "by_article": by_article,
        "title_of": lambda name: catalogue.title_of(name, language),
        "in_sight": catalogue.in_sight,
        "told_of": lambda name: catalogue.told_of(name, language),
        "column_told": lambda name: catalogue.column_told(name, language),
    }


# -- cells, functions, permissions ----------------------------------------------------------------


@hook
def render_cell(value: Any, column: str, table: str | None, datasette: Any) -> Any:
    """Links from tables and queries to our pages; whatever is not ours stays Datasette's."""
    if settings_of(datasette) is None or value is None:
        return None
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return Markup('<span class="nowrap">{}</span>').format(value)
    page = catalogue.PAGE_OF_COLUMN.get((table or "", column)) or catalogue.PAGE_OF_COLUMN.get(
        ("", column)
    )
    if page is None or not isinstance(value, str | int):
        return None
    return Markup('<a href="{}">{}</a>').format(
        Display.address(page, value), Display.clean(str(value))
    )


@hook
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    room = settings_of(datasette)
    if room is None or database != DATABASE:
        return
    # the file is opened read-only already; this also shuts temporary tables and ATTACH for writing
    conn.execute("PRAGMA query_only = 1")
    conn.execute("PRAGMA busy_timeout = 5000")
    ask = Ask(room, room.language)
    conn.create_function("extract", 1, lambda text: None if text is None else ask.quote(str(text)))
    conn.create_function(
        "plain", 1, lambda text: Display.clean(None if text is None else str(text))
    )
    conn.create_function(
        "safe_link", 1, lambda url: Display.link(None if url is None else str(url))
    )
    conn.create_function("said", 3, catalogue.said)
    display = Display(room.language, room.zone)

    def headline(label: str, kind: str, payers: str, payee: str, *figures: str | None) -> str:
        before, after = (json.loads(one or "null") for one in figures)
        line = {"change": label, "kind": kind, "payers": json.loads(payers), "payee": payee}
        return display.headline({**line, "before": before, "after": after})

    conn.create_function("headline", 6, headline)


@hook
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    room = settings_of(datasette)
    if room is None:
        return None
    if action in ("view-database-download", "debug-menu", "permissions-debug"):
        return False
    if not room.public:
        return None
    if action == "execute-sql":
        return False
    if action == "view-table":
        return resource[1] in catalogue.PUBLIC_TABLES
    return None


@hook
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    room = settings_of(datasette)

    def wrap(application: Any) -> Any:
        return application if room is None else safety.guarded(application, room)

    return wrap


# -- failures -------------------------------------------------------------------------------------


@first_hook
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    if settings_of(datasette) is None:
        return theirs.handle_exception(datasette, request, exception)
    status = getattr(exception, "status", 500)
    if isinstance(exception, DatasetteError):
        message = str(exception.message)
    elif status == 500:
        # the reader learns that it failed; why is for whoever runs the room
        traceback.print_exception(exception, file=sys.stderr)
        message = "500"
    else:
        message = str(exception.args[0]) if exception.args else str(status)

    async def answer() -> Any:
        return await _failure(datasette, request, status, message)

    return answer


@first_hook
def forbidden(datasette: Any, request: Any) -> Any:
    room = settings_of(datasette)
    if room is None:
        return None

    async def answer() -> Any:
        words = Display(language_of(request, room), room.zone).t("forbidden")
        return await _failure(datasette, request, Forbidden.status, words)

    return answer


async def _failure(datasette: Any, request: Any, status: int, message: str) -> Any:
    if request.path.endswith(".json"):
        body = json.dumps({"ok": False, "error": message, "status": status})
        return Response(body, status=status, content_type="application/json; charset=utf-8")
    context = {"status": status, "message": message, "page": "error"}
    html = await datasette.render_template("failure.html", context, request=request)
    return Response.html(html, status=status)
