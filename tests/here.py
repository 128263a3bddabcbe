"""The command in this process: as `tests.conftest.veille`, without half a second a call.

For tests of what commands do; what a process of its own does (exit, signals, locks that die with
it) is tested with the installed command.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from schedules.cli import main
from tests.conftest import Ran


@pytest.fixture
def veille(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run the command in an empty folder."""

    def run(*words: object, stdin: str | bytes = b"") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = io.StringIO(), io.StringIO()
        code: int | str | None = 0
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["veille", *map(str, words)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    main()
                except SystemExit as ended:
                    code = ended.code
        assert isinstance(code, int)
        return Ran(code, out.getvalue(), err.getvalue())

    return run
