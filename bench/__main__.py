"""`make bench [ONLY=ledger,copies]`: run every module of this folder that has a `main`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

import bench


def main(only: list[str]) -> None:
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_")]
    for name in only or names:
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "main"):
            continue
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        started = time.monotonic()
        module.main()
        print(f"   ({time.monotonic() - started:.0f} s)\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1].split(",") if len(sys.argv) > 1 and sys.argv[1] else [])
