"""Where each key of a TOML file stands: `tomllib` gives values without lines, people need both.

`read` parses a file; `places` walks over a text that `tomllib` has accepted already (so it need
not report errors itself) and notes the line of every table, key and array element.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.problems import ConfigError, Problem

#: Way to a value: ("channel", 1, "kind") is the key `kind` of the second `[[channel]]`.
Loc = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?""""{0,2}'
    r"|'''.*?''''{0,2}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
# a date and its time may be parted by a blank
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]*)?")
_WHERE = re.compile(r"(.*?) ?\((?:at )?(?:line (\d+), column (\d+)|(end of document))\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed file with its text, so that a problem can be given a line when there is one."""

    path: Path
    text: str
    table: dict[str, Any]


def read(path: Path, missing: str = "`veille init` writes a commented veille.toml") -> TomlFile:
    """The parsed file. Raises ConfigError when it is missing, not UTF-8 or not TOML.

    `missing`: what to do when there is none.
    """
    try:
        # utf-8-sig: some editors put a byte order mark first, which TOML does not know
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8"
        raise _failure("not-utf8", f"{path}:{line}", "the file is not UTF-8", hint) from error
    except FileNotFoundError as error:
        raise _failure("file-missing", str(path), "there is no such file", missing) from error
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise _failure("file-unreadable", str(path), f"cannot be read: {reason}") from error
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except RecursionError as error:
        raise _failure("toml-syntax", str(path), "arrays are nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError, and integers of thousands of digits
        raise _syntax(path, text, str(error)) from error


def _failure(code: str, place: str, message: str, hint: str = "") -> ConfigError:
    return ConfigError((Problem(code, place, message, hint),))


def _syntax(path: Path, text: str, said: str) -> ConfigError:
    """What `tomllib` said, with its place taken out of the sentence and a hint for common slips."""
    place, message = str(path), said
    if found := _WHERE.fullmatch(said):
        message = found[1]
        line = found[2] or str(text.rstrip("\n").count("\n") + 1)
        place = f"{path}:{line}" + (f":{found[3]}" if found[3] else "")
    hint = ""
    if "overwrite" in message or "twice" in message:
        hint = "this key or table stands there already; several tables of a kind are [[double]]"
    elif "Invalid value" in message:
        hint = 'text stands in quotes ("..."), true and false in lower case'
    elif "newline" in message or "Unterminated" in message or "Illegal character" in message:
        hint = "a text that begins with a quote ends with the same quote on the same line"
    return _failure("toml-syntax", place, f"not valid TOML: {message}", hint)


def places(text: str) -> dict[Loc, int]:
    """Line (from 1) of every table, key and element of a valid TOML text."""
    walk = _Walk(text.replace("\r\n", "\n"))
    walk.document()
    return walk.lines


class _Walk:
    """One pass over the text; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Loc, int] = {}
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[Loc, int] = {}  # tables seen so far of each [[array]]

    def document(self) -> None:
        table: Loc = ()
        self._space()
        while self.at < len(self.text):
            if self._here("["):
                table = self._header()
            else:
                self._pair(table)
            self._space()

    def _header(self) -> Loc:
        line = self._line()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._key()
        self._space()
        self.at += 2 if many else 1
        loc: Loc = ()
        for key in keys[:-1]:
            loc = self._latest((*loc, key))
            self.lines.setdefault(loc, line)
        loc = (*loc, keys[-1])
        self.lines.setdefault(loc, line)
        if many:
            self._counts[loc] = self._counts.get(loc, 0) + 1
        loc = self._latest(loc)
        self.lines.setdefault(loc, line)
        return loc

    def _latest(self, loc: Loc) -> Loc:
        """In `[channel.x]` after `[[channel]]` the last of these tables is meant."""
        return (*loc, self._counts[loc] - 1) if loc in self._counts else loc

    def _pair(self, table: Loc) -> None:
        line = self._line()
        loc = table
        for key in self._key():
            loc = (*loc, key)
            self.lines.setdefault(loc, line)
        self._space()
        self.at += 1  # the equals sign
        self._value(loc)

    def _key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._space()
            if found := _BARE_KEY.match(self.text, self.at):
                keys.append(found[0])
            else:
                found = self._match(_STRING)
                keys.append(tomllib.loads(f"key = {found[0]}")["key"])
            self.at = found.end()
            self._space()
            if not self._here("."):
                return keys
            self.at += 1

    def _value(self, loc: Loc) -> None:
        self._space()
        if self._here("["):
            self._array(loc)
        elif self._here("{"):
            self._inline_table(loc)
        else:
            pattern = _STRING if self._here('"') or self._here("'") else _SCALAR
            self.at = self._match(pattern).end()

    def _array(self, loc: Loc) -> None:
        self.at += 1
        self._space()
        index = 0
        while not self._here("]"):
            self.lines.setdefault((*loc, index), self._line())
            self._value((*loc, index))
            index += 1
            self._comma()
        self.at += 1

    def _inline_table(self, loc: Loc) -> None:
        self.at += 1
        self._space()
        while not self._here("}"):
            self._pair(loc)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._space()
        if self._here(","):
            self.at += 1
            self._space()

    def _space(self) -> None:
        self.at = self._match(_SPACE).end()

    def _here(self, character: str) -> bool:
        return self.text.startswith(character, self.at)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"not TOML at offset {self.at}")
        return found

    def _line(self) -> int:
        return bisect_right(self._breaks, self.at) + 1
