"""`veille` with a stop-watch on the reactor: prints the longest CPU time of one callback, in ms."""

from __future__ import annotations

import asyncio
import sys
import time

from schedules.cli import main

longest = 0.0
run = asyncio.Handle._run


def timed(handle: asyncio.Handle) -> None:
    global longest
    started = time.thread_time()
    run(handle)
    longest = max(longest, time.thread_time() - started)


if __name__ == "__main__":
    asyncio.Handle._run = timed  # type: ignore[method-assign]
    try:
        main()
    finally:
        print(f"longest {longest * 1000:.0f}", file=sys.stderr)
