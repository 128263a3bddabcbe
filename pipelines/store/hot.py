"""Which outlets carry news: those that are asked more often for a while."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from pipelines.shapes import moment, when

#: Outcomes that make a deal hot.
HOT_LABELS = ("new", "confirmed", "denied", "contradiction")


def hot_outlets(db: Database, since: datetime) -> dict[str, datetime]:
    """Outlets that carried a deal with news recorded since then → when the newest of it was.

    A first run finds the news of weeks at once: that is no news.
    """
    rows = db.execute(
        """
        WITH news AS (
          SELECT n.deal, max(n.recorded) AS recorded
          FROM changes n JOIN articles b ON b.id = n.article
          WHERE n.recorded > ? AND n.alert AND n.label IN (SELECT value FROM json_each(?))
            AND NOT b.first_run
          GROUP BY n.deal
        )
        SELECT a.outlet, max(news.recorded) FROM news
        JOIN changes c ON c.deal = news.deal JOIN articles a ON a.id = c.article
        WHERE NOT a.first_run GROUP BY a.outlet
        """,
        (when(since), json.dumps(HOT_LABELS)),
    ).fetchall()
    return {outlet: moment(recorded) for outlet, recorded in rows}
