"""crontab lines and systemd units from the same timetable as the daemon's.

Every path is absolute and nothing is taken from the environment: the lines work under `env -i`.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from schedules.plan import Job

if TYPE_CHECKING:
    from pipelines.config import Config

#: Seconds between TERM and KILL of a job that hangs.
GRACE = 10
#: Timers of systemd start up to this share of their step late, so that machines do not march in
#: step; at night up to ten minutes.
STEP_DELAY, NIGHT_DELAY = 0.25, 600
#: Addresses that no publisher has: private, link-local, shared, reserved for tests, multicast.
PRIVATE = (
    *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "::1/128", "fc00::/7", "fe80::/10"),
)
#: Where the names of name servers stand: they may be private, and must stay reachable.
RESOLVER = Path("/etc/resolv.conf")
#: systemd's own stub resolver.
STUB = "127.0.0.53"

SANDBOX = """\
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where this veille stands. Every path is absolute."""

    command: tuple[str, ...]  # interpreter, module, configuration
    config: Path | None
    database: Path
    backups: Path
    user: str


def crontab(jobs: Sequence[Job], place: Place) -> str:
    """Lines for `crontab -e`: silent unless something must be done, then cron mails what was said.

    Local times are the machine's; only nightly work has them. Digests go out with deliver.
    """
    timeout = shutil.which("timeout")
    lines = [
        f"# veille, for {place.config or 'the shipped defaults'}: `veille cron | crontab -`",
        "# (that replaces your crontab; `crontab -e` to add to it). Nothing is printed unless",
        "# something must be done. Secrets are read from files: cron has none of your variables.",
    ]
    for job in jobs:
        if job.name.startswith("digest"):
            continue
        words = [*place.command, "--quiet", *job.words]
        if timeout:
            words = [timeout, "-k", str(GRACE), str(job.limit), *words]
        # cron ends a line at % and hands the rest to the command
        told = shlex.join(words).replace("%", r"\%")
        lines.append(f"{_when(job, place)} {told}")
    return "\n".join(lines) + "\n"


def _when(job: Job, place: Place) -> str:
    if job.at is not None:
        return f"{job.at.minute} {job.at.hour} * * *"
    assert job.every is not None
    if job.every == 1:
        return "* * * * *"
    # not on the hour, where all other machines are
    start = _spread(str(place.database), job.every)
    return f"{start}-59/{job.every} * * * *" if job.every < 60 else f"{start} * * * *"


def _spread(seed: str, below: int) -> int:
    return int.from_bytes(blake2b(seed.encode(), digest_size=2).digest()) % below


def units(jobs: Sequence[Job], place: Place, config: Config) -> dict[str, str]:
    """systemd units: name of the file → text; a service and a timer for each job."""
    found: dict[str, str] = {}
    for job in jobs:
        if job.name.startswith("digest"):
            continue
        found[f"veille-{job.name}.service"] = _service(job, place, config)
        found[f"veille-{job.name}.timer"] = _timer(job, config)
    return found


def _service(job: Job, place: Place, config: Config) -> str:
    crawls = job.name == "crawl"
    lines = [
        "[Unit]",
        f"Description=veille {job.name}",
        *(["Wants=network-online.target", "After=network-online.target"] if crawls else []),
        "",
        "[Service]",
        "Type=oneshot",
        f"User={place.user}",
        f"WorkingDirectory={_specified(place.database.parent)}",
        f"ExecStart={' '.join(_quoted(word) for word in (*place.command, *job.words))}",
        # done in part, and another run at work, are no failures
        "SuccessExitStatus=3 75",
        f"TimeoutStartSec={job.limit}",
        f"TimeoutStopSec={GRACE}",
        "KillMode=mixed",
        "Nice=5",
        SANDBOX,
        f"ReadWritePaths={_quoted(str(place.database.parent))} -{_quoted(str(place.backups))}",
    ]
    if crawls:
        lines += _addresses(config)
    return "\n".join(lines) + "\n"


def _addresses(config: Config) -> list[str]:
    """A second wall behind the guard: what a page names cannot lead into your own network."""
    allowed = [*config.network.allow, *_name_servers()]
    allowed += [
        address.rsplit(":", 1)[0]
        for address in config.network.hosts.values()
        if _is_address(address.rsplit(":", 1)[0])
    ]
    unique = list(dict.fromkeys(allowed))
    return [
        f"IPAddressDeny={' '.join(PRIVATE)}",
        *([f"IPAddressAllow={' '.join(unique)}"] if unique else []),
    ]


def _name_servers() -> list[str]:
    try:
        lines = RESOLVER.read_text("utf-8", "replace").splitlines()
    except OSError:
        return [STUB]
    named = [line.split()[1] for line in lines if line.startswith("nameserver ")]
    return [name for name in named if _is_address(name)] or [STUB]


def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _timer(job: Job, config: Config) -> str:
    if job.at is not None:
        when = f"*-*-* {job.at:%H:%M}:00 {config.timezone}"
        delay = NIGHT_DELAY
    else:
        assert job.every is not None
        when = f"*:0/{job.every}:00" if job.every < 60 else "hourly"
        delay = int(job.every * 60 * STEP_DELAY)
    return "\n".join(
        [
            "[Unit]",
            f"Description=veille {job.name}, by the timetable",
            "",
            "[Timer]",
            f"OnCalendar={when}",
            f"RandomizedDelaySec={delay}",
            # the same delay each time: steps stay as long as they are
            "FixedRandomDelay=yes",
            "AccuracySec=1s",
            # what was missed while the machine was off is done when it is on again
            "Persistent=yes",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        ]
    )


def _quoted(word: str) -> str:
    """A word of ExecStart: quoted where it must be; % and $ would be expanded."""
    plain = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$")
    if plain and not any(sign in plain for sign in " \t'\";"):
        return plain
    return '"' + plain.replace('"', '\\"') + '"'


def _specified(path: Path) -> str:
    """A path as a whole value: taken as it is, but for %."""
    return str(path).replace("%", "%%")


def owner(database: Path) -> str:
    """The user that runs veille: the owner of the ledger, or of its folder."""
    import pwd

    there = database if database.exists() else database.parent
    try:
        return pwd.getpwuid(there.stat().st_uid).pw_name
    except (KeyError, OSError):
        return str(os.getuid())
