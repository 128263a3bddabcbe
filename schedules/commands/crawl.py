"""`veille crawl`: one crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schedules.session import Refused, Session, shared_options, the_session

if TYPE_CHECKING:
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
    from schedules import jobs

    session = the_session(ctx)
    if not session.config.contact:
        raise Refused(
            "a crawl needs a contact, so that publishers can reach you: set "
            'contact = "https://..., mailto:..." in veille.toml (`veille init` writes one)'
        )
    report = jobs.crawl(session, _chosen(session, names), due=due, limit=limit, dry_run=dry_run)
    for line in report.failures:
        session.log(line)
    return jobs.exit_code(report)


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
