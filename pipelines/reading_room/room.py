"""Build the Datasette application of a room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette, DatasetteClient  # type: ignore[import-untyped]
from datasette.database import Database  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]

from pipelines.reading_room import catalogue, plugin
from pipelines.reading_room.settings import DATABASE, RoomSettings, remember

HERE = Path(__file__).parent
PLUGIN = "veille-reading-room"

#: Limits of Datasette that differ from its own, each with its reason.
LIMITS: dict[str, Any] = {
    "allow_download": False,  # the file holds texts that must not leave this machine
    "default_cache_ttl": 0,  # a crawl may be writing
    "max_csv_mb": 20,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 10_000,  # by the clock, and a crawl may have the processors
    "facet_suggest_time_limit_ms": 40,
    "truncate_cells_html": 200,
    "num_sql_threads": 3,
}
#: And for a public room, where strangers ask.
PUBLIC_LIMITS: dict[str, Any] = {
    "default_allow_sql": False,
    "allow_csv_stream": False,
    "sql_time_limit_ms": 500,
    "max_returned_rows": 300,
    "suggest_facets": False,
}


def open_room(database: Path, settings: RoomSettings) -> Any:
    """The application; it reads `database` as it is at each request and never writes to it."""
    if not pm.has_plugin(PLUGIN):
        pm.register(plugin, PLUGIN)
        # all handlers of failures are run, and Datasette's own prints every 404 with all variables:
        # ours stands in its place, and asks it about applications that are no rooms
        pm.unregister(name="datasette.handle_exception")
    room = Datasette(
        files=[],
        metadata=catalogue.metadata(),
        template_dir=str(HERE / "templates"),
        static_mounts=[("room", str(HERE / "static"))],
        settings={**LIMITS, **(PUBLIC_LIMITS if settings.public else {})},
    )
    room.remove_database("_memory")
    room.add_database(Database(room, path=str(database), is_mutable=True), name=DATABASE)
    remember(room, settings)
    # the constructor's client has routes from before the application was known to be a room
    room.client = DatasetteClient(room)
    return room
