"""`veille status`: how the outlets are, what ran, what waits to be told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE
from schedules.session import Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.records import Outlet
    from pipelines.shapes import Json
    from pipelines.store import Store

#: Issues that are listed.
ISSUES_SHOWN = 10
#: Parked messages in the table; `--retry all` takes all of them.
PARKED_SHOWN = 10


@click.command("status")
@click.option("--outlet", help="One outlet: its feeds, decisions and issues.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object an outlet.")
@shared_options
@click.pass_context
def status_command(ctx: click.Context, outlet: str | None, as_json: bool) -> int:
    """Outlets (last success, next check, health), runs and the outbox."""
    session = the_session(ctx)
    with session.store() as store:
        if outlet is not None:
            known = {o.id for o in session.outlets}
            if outlet not in known:
                raise click.UsageError(f"no outlet {outlet} in the catalogue")
        hot = _hot(store, session)
        rows = [
            _outlet(store, one, session, hot.get(one.id))
            for one in session.outlets
            if (one.enabled and outlet is None) or one.id == outlet
        ]
        if as_json:
            printing.json_lines(rows)
            return DONE
        _print_outlets(rows)
        if outlet is not None:
            _print_details(store, outlet)
        else:
            _print_rest(store, session)
    return DONE


def _hot(store: Store, session: Session) -> dict[str, datetime]:
    """Outlets that carry news, and since when."""
    from pipelines import cadence
    from pipelines.store.hot import hot_outlets

    return hot_outlets(store.db, cadence.hot_since(session.now(), session.config.schedule))


def _outlet(store: Store, one: Outlet, session: Session, hot: datetime | None) -> Json:
    from pipelines import cadence

    outlet, policy = one.id, one.policy
    state = store.fetching.outlets.state(outlet)
    plan = session.config.schedule
    times = {
        "last_success": state.succeeded,
        "checked": state.checked,
        "next_check": state.next_check,
    }
    return {
        "outlet": outlet,
        "policy": policy,
        "health": state.verdict if state.checked else "never crawled",
        "reason": state.reason,
        "kind": state.kind,
        "failures": state.failures,
        **{key: at.isoformat() if at else None for key, at in times.items()},
        "next_check_why": cadence.why(
            one, state.checked, state.next_check, state.failures, hot, plan
        ),
        "passed": store.fetching.passed_over(outlet),
    }


def _print_outlets(rows: list[Json]) -> None:
    printing.table(
        (
            (
                row["outlet"],
                row["policy"],
                row["health"],
                _short(row["last_success"]),
                _short(row["next_check"]),
                row["next_check_why"],
                row["reason"],
            )
            for row in rows
        ),
        ("outlet", "policy", "health", "last success", "next check", "because", "what is wrong"),
    )


def _short(text: str | None) -> str:
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M") if text else "-"


def _print_details(store: Store, outlet: str) -> None:
    for resource in store.fetching.outlets.resources(outlet):
        problem = resource.problem or f"{resource.entries} entries"
        moved = f", moved to {resource.moved_to}" if resource.moved_to else ""
        click.echo(printing.plain(f"{resource.kind}  {resource.url}: {problem}{moved}"))
    for at, made in store.fetching.policies.decisions(outlet):
        line = f"{at:%Y-%m-%d}  {made.host}: {made.decision} ({made.rule}: {made.evidence})"
        click.echo(printing.plain(line))
    for reason, count in store.fetching.passed_over(outlet).items():
        click.echo(printing.plain(f"passed over: {count} ({reason})"))
    _print_issues(store, outlet)


def _print_issues(store: Store, outlet: str | None) -> None:
    for issue in store.fetching.outlets.issues(outlet, ISSUES_SHOWN):
        line = f"{issue.at:%Y-%m-%d %H:%M}  {issue.outlet}  {issue.code}: {issue.detail}"
        click.echo(printing.plain(f"{line}  {issue.url}"))


def _print_rest(store: Store, session: Session) -> None:
    click.echo("\nRuns")
    for run in store.runs.newest():
        ended = f"exit {run['exit']}" if run["ended"] else "running, or killed"
        click.echo(f"{run['started']}  {run['command']}  {ended}  {run['counts']}")
    click.echo("\nIssues, newest first")
    _print_issues(store, None)
    counts = store.outbox.counts()
    rows = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "empty"
    click.echo(f"\nOutbox: {rows}; oldest waiting since {store.outbox.oldest() or '-'}")
    _print_channels(store)
    _print_second_reader(store, session)
    _print_size(store, session)


def _print_channels(store: Store) -> None:
    """What each channel still has to tell, and what it could not."""
    for row in store.outbox.depth():
        since = f", the oldest since {_short(row['oldest'])}" if row["oldest"] else ""
        failure = f"; last failure: {row['failure']}" if row["open"] or row["dead"] else ""
        click.echo(
            printing.plain(
                f"{row['channel']}: {row['open']} to send{since}, {row['waiting']} wait for a "
                f"digest, {row['dead']} parked{failure if row['failure'] else ''}"
            )
        )
    for parked in store.outbox.parked(PARKED_SHOWN):
        click.echo(
            printing.plain(
                f"  parked {parked['id']}: {parked['subject']} ({parked['answer']}); "
                f"`veille deliver --retry {parked['id']}`"
            )
        )


def _print_second_reader(store: Store, session: Session) -> None:
    """What the second reader was asked today, and what it said last when that was no answer."""
    reader = session.config.second_reader
    if reader is None:
        return
    from pipelines.second_reader import today

    since = today(session.config, session.now())
    outcomes = store.second_readings.outcomes(since)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items())
    asked = store.second_readings.count(since)
    last = store.second_readings.last(reader.model)
    failure = (
        f"; the last one: {last.why}" if last and last.outcome in ("failed", "unusable") else ""
    )
    told = f"Second reader: {reader.model}, {asked} of {reader.max_a_day} questions today"
    click.echo(printing.plain(f"{told}{f' ({counts})' if counts else ''}{failure}"))


def _print_size(store: Store, session: Session) -> None:
    from pipelines.store.keeping import Keeping

    size = Keeping(store.db).sizes()
    rows = ", ".join(f"{count} {table}" for table, count in size["rows"].items())
    click.echo(
        f"Database: {session.database}, {_mebibytes(size['bytes'])} "
        f"({_mebibytes(size['free_bytes'])} free in it), {rows}"
    )
    click.echo(
        f"Texts: {size['texts']}, {_mebibytes(size['text_bytes'])}, kept for "
        f"{session.config.retain_text_days} days"
    )


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"
