"""`veille crawl`: one crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schedules.ping import watched
from schedules.session import Refused, Session, shared_options, the_session

if TYPE_CHECKING:
    from crawler.report import CrawlReport
    from pipelines.records import Outlet


@click.command("crawl")
@click.option("--outlet", "names", multiple=True, metavar="ID", help="Only this outlet.")
@click.option("--due", is_flag=True, help="Only what is due (this is what cron runs).")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many article pages.")
@click.option("--dry-run", is_flag=True, help="Write and send nothing; print what would change.")
@shared_options
@click.pass_context
def crawl_command(
    ctx: click.Context, names: tuple[str, ...], due: bool, limit: int | None, dry_run: bool
) -> int:
    """Fetch what the outlets have published, read it, post it."""
    session = the_session(ctx)
    if dry_run:
        return _foresee(session, names, due, limit)
    with watched(session, start=True) as codes:
        codes.append(_crawl(session, names, due, limit))
    return codes[-1]


def _foresee(session: Session, names: tuple[str, ...], due: bool, limit: int | None) -> int:
    from schedules import chronology, jobs

    check_contact(session)
    report, changes = jobs.foresee(session, _chosen(session, names), due=due, limit=limit)
    for text in chronology.in_text(changes, session.config.language):
        click.echo(text)
    return _told(session, report)


def _crawl(session: Session, names: tuple[str, ...], due: bool, limit: int | None) -> int:
    from schedules import jobs

    check_contact(session)
    report, unsent = jobs.crawl(session, _chosen(session, names), due=due, limit=limit)
    return _told(session, report, unsent=unsent)


def _told(session: Session, report: CrawlReport, *, unsent: bool = False) -> int:
    from schedules.jobs import exit_code

    if report.stopped:
        session.log("ended by a signal: what was not asked yet waits for the next crawl")
    elif report.waiting:
        session.log(
            f"{report.waiting} of {len(report.outlets)} outlets were not asked: {why(report)}"
        )
    if report.offline:
        session.log(
            f"none of the {report.asked} outlets asked could be reached: is there a network? "
            "Nothing is held against them, and they stay due"
        )
    for line in report.failures:
        session.log(line, level=int(report.offline))
    return exit_code(report, unsent=unsent)


def why(report: CrawlReport) -> str:
    """Why outlets were not asked, each reason once."""
    return "; ".join(sorted({one.reason for one in report.outlets if one.result == "waiting"}))


def check_contact(session: Session) -> None:
    """Refuse to ask anybody without an address at which we can be reached."""
    if not session.config.contact:
        raise Refused(
            "a crawl needs a contact, so that publishers can reach you: set "
            'contact = "https://..., mailto:..." in veille.toml (`veille init` writes one)'
        )


def _chosen(session: Session, names: tuple[str, ...]) -> tuple[Outlet, ...]:
    outlets = session.outlets
    known = {outlet.id for outlet in outlets}
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(
            f"no outlet {', '.join(unknown)} in the catalogue; `veille status` lists them"
        )
    if names:
        return tuple(outlet for outlet in outlets if outlet.id in names)
    return tuple(outlet for outlet in outlets if outlet.enabled and outlet.policy != "off")
