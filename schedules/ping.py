"""The dead man's switch: an address that hears of every crawl, so that one that is missing is seen.

    <url>/start    a crawl begins
    <url>          it ended with 0, 3 (an outlet failed) or 75 (another one is at work)
    <url>/fail     it ended otherwise

Other commands report only a failure: a success of theirs would hide that no crawl is started. The
address is a secret: it stands in no log and no message. A switch that is down stops nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipelines.config import Config
    from schedules.session import Session

#: Seconds that the switch may take: it is asked before and after every crawl.
TIMEOUT = 5.0
#: Exit codes that are well: done, done in part, another run is at work.
WELL = (0, 3, 75)

Signal = Literal["start", "success", "fail"]


@contextmanager
def watched(session: Session, *, start: bool) -> Iterator[list[int]]:
    """Report how what is inside ends: its exit code is what it appends, or its exception's.

    `start`: report the start too, and success; else only a failure.
    """
    from schedules.session import Refused

    codes: list[int] = []
    if start:
        ping(session, "start")
    try:
        yield codes
    except BaseException as error:
        code = error.code if isinstance(error, Refused) else 1
        report(session, code, start)
        raise
    report(session, codes[-1] if codes else 0, start)


def report(session: Session, code: int, start: bool = False) -> None:
    """Report an exit code; without `start` only a failure."""
    if code not in WELL:
        ping(session, "fail")
    elif start:
        ping(session, "success")


def ping(session: Session, signal: Signal) -> bool:
    """Tell the switch, if there is one; whether it was told. Never raises."""
    from pipelines.config import SecretError

    config = session.config
    if config.health.ping_url is None:
        return False
    try:
        base = config.health.ping_url.reveal()
    except SecretError as error:
        session.log(f"the dead man's switch was not told: {error}")
        return False
    return _told(base, signal, config, session)


def _told(base: str, signal: Signal, config: Config, session: Session) -> bool:
    import httpx  # here: most machines have no switch, and it takes 100 ms to load

    # at level INFO httpx logs every address that it asks for
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        url = httpx.URL(base)
        if signal != "success":
            url = url.copy_with(path=f"{url.path.rstrip('/')}/{signal}")
        proxies = config.network.use_environment_proxy
        with httpx.Client(timeout=TIMEOUT, trust_env=proxies) as client:
            status = client.get(url).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # the text of these errors may hold the address: only the kind is told
        session.log(f"the dead man's switch was not told ({type(error).__name__})")
        return False
    if status >= 400:
        session.log(f"the dead man's switch answered {status}")
    return status < 400
