"""CSV of Datasette's tables and queries: its own writes cells that a spreadsheet would run.

The rows are those of its JSON, with the same filters, permissions and limits, page by page.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from pipelines.reading_room.settings import DATABASE
from pipelines.reading_room.sheets import cell_of_sheet

#: Goes before Datasette's own address of the same form.
ADDRESS = rf"/{DATABASE}(?:/[^/.]+)?\.csv$"
#: Options of Datasette's CSV and JSON that say how, not what.
STYLE = ("_stream", "_dl", "_labels", "_shape", "_nl", "_extra", "_size", "_next")
#: Rows of a streaming export at most, and of one page.
STREAMED, PAGE = 200_000, 1000


async def view(datasette: Any, request: Any) -> Any:
    """The sheet; with `_stream` all pages of a table, where the room permits it."""
    given = parse_qsl(request.query_string, keep_blank_values=True)
    kept = [(name, value) for name, value in given if name not in STYLE]
    size = min(PAGE, datasette.setting("max_returned_rows"))
    stream = any(name == "_stream" for name, _ in given) and datasette.setting("allow_csv_stream")
    columns: Sequence[str] = ()
    rows: list[Sequence[Any]] = []
    following: str | None = None
    while True:
        # arbitrary and ready queries have no pages
        pages = [("_size", str(size))] if "/" in request.path.strip("/") else []
        pages += [("_next", following)] if following else []
        query = urlencode([*kept, *pages, ("_shape", "arrays")])
        answer = await datasette.client.get(f"{request.path[: -len('.csv')]}.json?{query}")
        if answer.status_code != 200:
            return Response.text(f"{answer.status_code}\n", status=answer.status_code)
        found = answer.json()
        columns = found.get("columns") or columns
        rows += found["rows"]
        following = found.get("next")
        if not following or not stream or len(rows) >= STREAMED:
            return sheet(columns, rows)


def sheet(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if columns:
        writer.writerow([cell_of_sheet(column) for column in columns])
    for row in rows:
        writer.writerow([cell_of_sheet(value) for value in row])
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8")
