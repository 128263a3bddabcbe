"""`veille browse`: the reading room, on this machine or behind a proxy."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import click

from schedules.cli import DONE
from schedules.session import Refused, shared_options, the_session

if TYPE_CHECKING:
    from schedules.session import Session

#: Where the room answers when nothing else is said; 8001 is Datasette's own port.
HOST, PORT = "127.0.0.1", 8001


@click.command("browse")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option("--host", default=HOST, show_default=True, help="Address to listen at.")
@click.option(
    "--host-name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A further name that the room answers to (behind a proxy); may be repeated.",
)
@click.option(
    "--public",
    is_flag=True,
    help="For other readers: no texts, short extracts, no SQL of theirs.",
)
@shared_options
@click.pass_context
def browse_command(
    ctx: click.Context, port: int, host: str, names: tuple[str, ...], public: bool
) -> int:
    """Open the reading room in Datasette, read-only, on 127.0.0.1; Ctrl-C closes it."""
    import uvicorn

    from pipelines.reading_room.room import open_room
    from pipelines.reading_room.settings import settings_from

    session = the_session(ctx)
    if not _is_loopback(host):
        if not public:
            raise Refused(
                f"{host} can be reached by others: texts of the press must not be; add --public, "
                "or put a proxy with a password before 127.0.0.1 (docs/reading-room.md)"
            )
        names = (*names, host)
    _check(session)
    settings = settings_from(session.config, session.outlets, public=public, names=names)
    application = open_room(session.database, settings).app()
    with _listening(host, port) as listening:
        port = listening.getsockname()[1]
        click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C stops)")
        level = "info" if session.verbose else "warning"
        server = uvicorn.Server(
            uvicorn.Config(application, log_level=level, server_header=False, lifespan="on")
        )
        server.run(sockets=[listening])
    return DONE


def _listening(host: str, port: int) -> socket.socket:
    """Bound here and not by the server, so that a port in use is one clear message."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Refused(
            f"cannot listen at {host}, port {port} ({error.strerror or error}); "
            "name another with --port"
        ) from None


def _check(session: Session) -> None:
    """Bring an old schema up to date; where this user may not write, be content with reading."""
    from pipelines.store import Store, StoreError
    from pipelines.store.rooms import is_current

    try:
        Store.open(session.database).close()
    except StoreError as cannot_write:
        try:
            with Store.open(session.database, read_only=True) as store:
                current = is_current(store.db.conn)
        except StoreError:
            raise Refused(str(cannot_write)) from None
        if current is None:
            raise Refused(
                f"{session.database}: a reader needs the right to write the files beside it "
                f"({session.database.name}-wal and -shm); see docs/reading-room.md"
            ) from None
        if not current:
            raise Refused(
                f"{session.database}: its schema is of another version; let the user who owns it "
                "run `veille status` once"
            ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
