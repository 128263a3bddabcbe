"""Who is sending a row: a lease names its owner, so that a dead owner's lease is free at once.

An owner is a process of one boot: its pid and the time at which the kernel started it (a pid is
used again). Whether a process of another container lives cannot be asked: there only time frees it.
"""

from __future__ import annotations

import json
import os
import time
from functools import cache
from pathlib import Path

#: Longest time that an attempt may take, seconds: connecting, each answer of a mail server and
#: handing over have a time-out of 15 s each; a process that hangs longer has lost its turn.
LEASE_SECONDS = 300

_PROC = Path("/proc")


def take() -> str:
    """A lease of this process, from now on. The clock is the machine's, whatever `--now` says."""
    owner = {
        "pid": os.getpid(),
        "started": _started(os.getpid()),
        "boot": _boot(),
        "space": _space(),
        "until": int(time.time()) + LEASE_SECONDS,
    }
    return json.dumps(owner)


def is_free(lease: str | None) -> bool:
    """Nobody sends the row any more."""
    if lease is None:
        return True
    owner = json.loads(lease)
    if owner["until"] < time.time() or owner["boot"] != _boot():
        return True
    if owner["space"] != _space():
        return False
    return not _alive(owner["pid"]) or _started(owner["pid"]) != owner["started"]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name (it may hold spaces); [] without /proc."""
    try:
        return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] == ["Z"]


def _started(pid: int) -> str:
    """Start time in ticks since boot, field 22; "" where there is no /proc."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


@cache
def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


@cache
def _space() -> str:
    """The namespace in which pids are counted; "" where the system has no such thing."""
    try:
        return os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
