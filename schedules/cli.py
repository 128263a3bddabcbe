"""The command `veille`: names, shared options and exit codes; what each one does is in `commands/`.

Nothing is imported before it is asked for: cron starts this process every few minutes, and
`veille --help` answers from the table below alone.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import sys
from typing import Any

import click

from schedules.session import LOCKED as LOCKED
from schedules.session import Refused, Session, shared_options

#: Commands in the order of help: name → (module under schedules.commands, one line of help).
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("setup", "Write a commented veille.toml."),
    "check": ("setup", "Validate configuration and catalogue; --live also tries them."),
    "crawl": ("crawl", "Fetch what the outlets have published, read it, post it."),
    "import": ("importing", "Take saved articles from JSON Lines or WARC files."),
    "deliver": ("deliver", "Send what the outbox holds."),
    "alerts": ("alerts", "Try a channel; see what would go where, and why."),
    "changes": ("listing", "What changed, in order."),
    "deals": ("listing", "What is believed now, deal by deal."),
    "claims": ("reading", "Print the claims in text or HTML files; no database."),
    "read": ("reading", "Print the cleaned article of HTML files; no database."),
    "run": ("run", "The daemon: the timetable, until told to end."),
    "cron": ("cron", "Print crontab lines or systemd units for this configuration."),
    "health": ("health", "Look after the machinery and tell the operator."),
    "prune": ("keeping", "Remove texts that are kept long enough; facts and quotes stay."),
    "optimise": ("keeping", "Let SQLite look at its statistics."),
    "backup": ("keeping", "Write a checked copy of the ledger."),
    "restore": ("keeping", "Make the ledger what a backup is."),
    "migrate": ("upgrading", "Bring the ledger to the schema of this veille."),
    "forget": ("keeping", "Remove text and quotes of a URL or host, and block it."),
    "explain": ("checking", "Why a change was or was not told."),
    "replay": ("replay", "Read the stored articles again; print what would change."),
    "review": ("review", "Claims that wait for a verdict: accept, reject, merge, second, export."),
    "verify": ("checking", "Check that every quote stands and every row has its ground."),
    "browse": ("browse", "Open the reading room (Datasette) on 127.0.0.1."),
    "status": ("status", "Outlets, runs and the outbox."),
}

#: Exit codes of the contract.
DONE, FAILED_CHECK, USAGE, PARTLY = 0, 1, 2, 3


class Lazy(click.Group):
    """A group that imports a command's module when the command is run, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"schedules.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="veille")
@shared_options
def veille(**_: Any) -> None:
    """A scheduled watch on the French press for funding claims about OpenAI and its investors.

    The unit of an alert is a change of a claim, not an article.
    """


def main() -> None:
    """Run the command; with -q its standard error is shown only when something must be done."""
    session, stderr, code = Session(), sys.stderr, 1
    # the process gives back all it has at once: to look first which of it is garbage takes a tenth
    # of a second and more
    atexit.register(gc.freeze)
    try:
        code = _run(session)
    finally:
        if session.held_back is not None:
            sys.stderr = stderr
            if code not in (DONE, PARTLY, LOCKED):
                stderr.write(session.held_back.getvalue())
    sys.exit(code)


def _troubles_of_the_file() -> type[Exception]:
    """The error of the database, loaded only when something was raised."""
    from pipelines.store.opening import sqlite3

    error: type[Exception] = sqlite3.DatabaseError
    return error


def _of_the_file(session: Session, error: Exception) -> Refused:
    """What the user can mend, as a refusal; a bug in a query is raised on."""
    from pipelines.store.opening import is_busy, is_of_the_file, told

    if not is_of_the_file(error):
        raise error
    return Refused(told(str(session.database), error), LOCKED if is_busy(error) else USAGE)


def _run(session: Session) -> int:
    """The exit code; every expected failure is one clear message."""
    from pipelines.problems import ConfigError

    try:
        code = veille.main(standalone_mode=False, obj=session)
    except click.exceptions.Abort:
        click.echo("stopped; what was committed stays, run it again to go on", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        return USAGE
    except Refused as error:
        click.echo(f"veille: {error}", err=True)
        return error.code
    except _troubles_of_the_file() as error:
        told = _of_the_file(session, error)
        click.echo(f"veille: {told}", err=True)
        return told.code
    except BrokenPipeError:
        # the reader of a pipe (head, less) has had enough
        sys.stderr.close()
        return DONE
    return code if isinstance(code, int) else DONE
