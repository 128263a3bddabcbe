"""How the outlets are: state, resources, issues, observations; and what their hosts permit."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from pipelines.shapes import moment, when

#: Before anything was fetched.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Verdict = Literal["ok", "late", "blocked", "moved", "malformed", "dead", "drifting"]
Decided = Literal["open", "feed", "off"]
Kind = Literal["feed", "sitemap", "listing"]


class Connection(Protocol):
    """What is used of a sqlite3 connection in autocommit mode."""

    def execute(self, sql: str, parameters: Any = ...) -> Any: ...


@dataclass(frozen=True, slots=True)
class OutletState:
    """When an outlet is next looked at, and how it is."""

    outlet: str
    first: datetime | None = None  # end of its first crawl; None: a first run is on
    checked: datetime | None = None
    succeeded: datetime | None = None
    next_check: datetime | None = None
    failures: int = 0  # crawls in a row
    verdict: Verdict = "ok"
    reason: str = ""
    kind: str = ""  # which kind answered last


@dataclass(frozen=True, slots=True)
class Resource:
    """A feed, sitemap or listing, as it answered last."""

    url: str
    outlet: str
    kind: Kind
    checked: datetime
    succeeded: datetime | None
    failures: int  # in a row
    problem: str  # of the last check; "" when it was good
    entries: int | None
    newest: datetime | None
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one crawl saw of one outlet: counts."""

    requests: int = 0
    unchanged: int = 0
    blocked: int = 0
    failed: int = 0
    entries: int = 0
    dated: int = 0
    pages: int = 0
    words: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that went otherwise than it should."""

    at: datetime
    outlet: str
    url: str
    code: str
    detail: str


class OutletStates:
    """The queries of outlets, their resources, issues and observations."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def state(self, outlet: str) -> OutletState:
        """The state of an outlet; a fresh one when it was never crawled."""
        row = self._db.execute(
            "SELECT first, checked, succeeded, next_check, failures, verdict, reason, kind"
            " FROM outlet_state WHERE outlet = ?",
            (outlet,),
        ).fetchone()
        if row is None:
            return OutletState(outlet)
        first, checked, succeeded, next_check = (moment(t) if t else None for t in row[:4])
        return OutletState(outlet, first, checked, succeeded, next_check, *row[4:])

    def keep_state(self, state: OutletState) -> None:
        """Store the state of an outlet."""
        times = (
            when(at) if at else None
            for at in (state.first, state.checked, state.succeeded, state.next_check)
        )
        self._db.execute(
            "INSERT INTO outlet_state (outlet, first, checked, succeeded, next_check, failures,"
            " verdict, reason, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (outlet) DO UPDATE SET first = excluded.first,"
            " checked = excluded.checked, succeeded = excluded.succeeded,"
            " next_check = excluded.next_check, failures = excluded.failures,"
            " verdict = excluded.verdict, reason = excluded.reason, kind = excluded.kind",
            (state.outlet, *times, state.failures, state.verdict, state.reason, state.kind),
        )

    def due(self, now: datetime, outlets: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the outlets whose next check has come, in the order given."""
        later = {
            outlet
            for (outlet,) in self._db.execute(
                "SELECT outlet FROM outlet_state WHERE next_check > ?", (when(now),)
            )
        }
        return tuple(outlet for outlet in outlets if outlet not in later)

    def resource(self, url: str) -> Resource | None:
        """A feed, sitemap or listing, as it answered last."""
        found = self._resources("url = ?", url)
        return found[0] if found else None

    def resources(self, outlet: str) -> tuple[Resource, ...]:
        """All that was asked of an outlet, by URL."""
        return self._resources("outlet = ?", outlet)

    def _resources(self, where: str, value: str) -> tuple[Resource, ...]:
        rows = self._db.execute(
            "SELECT url, outlet, kind, checked, succeeded, failures, problem, entries, newest,"
            f" moved_to FROM resources WHERE {where} ORDER BY url",
            (value,),
        ).fetchall()
        return tuple(
            Resource(
                url=row[0],
                outlet=row[1],
                kind=row[2],
                checked=moment(row[3]),
                succeeded=moment(row[4]) if row[4] else None,
                failures=row[5],
                problem=row[6],
                entries=row[7],
                newest=moment(row[8]) if row[8] else None,
                moved_to=row[9],
            )
            for row in rows
        )

    def keep_resource(self, resource: Resource) -> None:
        """Store how a feed, sitemap or listing answered."""
        self._db.execute(
            "INSERT OR REPLACE INTO resources (url, outlet, kind, checked, succeeded, failures,"
            " problem, entries, newest, moved_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                resource.url,
                resource.outlet,
                resource.kind,
                when(resource.checked),
                when(resource.succeeded) if resource.succeeded else None,
                resource.failures,
                resource.problem,
                resource.entries,
                when(resource.newest) if resource.newest else None,
                resource.moved_to,
            ),
        )

    def add_issue(self, issue: Issue) -> None:
        """Write down what went otherwise than it should."""
        self._db.execute(
            "INSERT INTO issues (at, outlet, url, code, detail) VALUES (?, ?, ?, ?, ?)",
            (when(issue.at), issue.outlet, issue.url, issue.code, issue.detail),
        )

    def issues(self, outlet: str | None = None, limit: int = 100) -> tuple[Issue, ...]:
        """The newest issues, newest first."""
        rows = self._db.execute(
            "SELECT at, outlet, url, code, detail FROM issues WHERE ? IS NULL OR outlet = ?"
            " ORDER BY id DESC LIMIT ?",
            (outlet, outlet, limit),
        ).fetchall()
        return tuple(Issue(moment(row[0]), *row[1:]) for row in rows)

    def add_observation(self, outlet: str, seen: Observation, now: datetime) -> None:
        """Write down what one crawl saw of an outlet."""
        self._db.execute(
            "INSERT INTO observations (outlet, at, requests, unchanged, blocked, failed, entries,"
            " dated, pages, words, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (outlet, when(now), *astuple(seen)),
        )

    def observations(
        self, outlet: str, since: datetime
    ) -> tuple[tuple[datetime, Observation], ...]:
        """What the crawls since then saw of an outlet, oldest first."""
        rows = self._db.execute(
            "SELECT at, requests, unchanged, blocked, failed, entries, dated, pages, words, bytes"
            " FROM observations WHERE outlet = ? AND at >= ? ORDER BY at, id",
            (outlet, when(since)),
        ).fetchall()
        return tuple((moment(row[0]), Observation(*row[1:])) for row in rows)


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """robots.txt and reservation of a host, as last read."""

    host: str
    robots_status: int | None  # None: unreachable
    robots: str
    robots_at: datetime
    tdm_status: int | None = None
    tdm: str = ""
    tdm_at: datetime | None = None  # None: not asked for yet
    answer_tdm: str = ""  # what a header or a page of the host said last: "0", "1" or ""
    answer_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an outlet lets us do on a host, and by which evidence."""

    outlet: str
    host: str
    decision: Decided
    rule: str
    evidence: str


class Policies:
    """The queries of what hosts permit."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def policy(self, host: str) -> HostPolicy | None:
        """What was last read of a host."""
        row = self._db.execute(
            "SELECT robots_status, robots, robots_at, tdm_status, tdm, tdm_at, answer_tdm,"
            " answer_at FROM policies WHERE host = ?",
            (host,),
        ).fetchone()
        if row is None:
            return None
        return HostPolicy(
            host,
            row[0],
            row[1],
            moment(row[2]),
            row[3],
            row[4],
            moment(row[5]) if row[5] else None,
            row[6],
            moment(row[7]) if row[7] else None,
        )

    def keep_policy(self, policy: HostPolicy) -> None:
        """Store what was read of a host."""
        self._db.execute(
            "INSERT OR REPLACE INTO policies (host, robots_status, robots, robots_at, tdm_status,"
            " tdm, tdm_at, answer_tdm, answer_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                policy.host,
                policy.robots_status,
                policy.robots,
                when(policy.robots_at),
                policy.tdm_status,
                policy.tdm,
                when(policy.tdm_at) if policy.tdm_at else None,
                policy.answer_tdm,
                when(policy.answer_at) if policy.answer_at else None,
            ),
        )

    def ask_again(self) -> None:
        """No host could be reached: what was not read of them is asked for by the next crawl."""
        self._db.execute(
            "UPDATE policies SET robots_at = ? WHERE robots_status IS NULL", (when(LONG_AGO),)
        )

    def decide(self, decision: Decision, now: datetime) -> None:
        """Write a decision down when it is another than the last one."""
        last = self._db.execute(
            "SELECT decision, rule, evidence FROM decisions WHERE outlet = ? AND host = ?"
            " ORDER BY id DESC LIMIT 1",
            (decision.outlet, decision.host),
        ).fetchone()
        made = (decision.decision, decision.rule, decision.evidence)
        if last is None or tuple(last) != made:
            self._db.execute(
                "INSERT INTO decisions (outlet, host, decision, rule, evidence, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (decision.outlet, decision.host, *made, when(now)),
            )

    def decisions(self, outlet: str) -> tuple[tuple[datetime, Decision], ...]:
        """What holds now for each host of an outlet."""
        rows = self._db.execute(
            "SELECT at, outlet, host, decision, rule, evidence FROM decisions WHERE id IN"
            " (SELECT max(id) FROM decisions WHERE outlet = ? GROUP BY host) ORDER BY host",
            (outlet,),
        ).fetchall()
        return tuple((moment(row[0]), Decision(*row[1:])) for row in rows)
