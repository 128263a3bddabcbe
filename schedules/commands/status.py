"""`veille status`: how the outlets are, what ran, what waits to be told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from schedules import printing
from schedules.cli import DONE
from schedules.session import Session, shared_options, the_session

if TYPE_CHECKING:
    from pipelines.shapes import Json
    from pipelines.store import Store

#: Runs and issues that are listed.
RUNS_SHOWN, ISSUES_SHOWN = 5, 10


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
        rows = [
            _outlet(store, one.id, one.policy)
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


def _outlet(store: Store, outlet: str, policy: str) -> Json:
    state = store.fetching.outlets.state(outlet)
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
                row["reason"],
            )
            for row in rows
        ),
        ("outlet", "policy", "health", "last success", "next check", "why"),
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
    for run in store.runs.latest(RUNS_SHOWN):
        ended = f"exit {run['exit']}" if run["ended"] else "running, or killed"
        click.echo(f"{run['started']}  {run['command']}  {ended}  {run['counts']}")
    click.echo("\nIssues, newest first")
    _print_issues(store, None)
    counts = store.outbox.counts()
    waiting = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "empty"
    click.echo(f"\nOutbox: {waiting}; oldest waiting since {store.outbox.oldest() or '-'}")
    click.echo(f"Database: {session.database}")
