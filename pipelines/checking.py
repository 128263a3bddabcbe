"""Tables of TOML against pydantic models: what pydantic finds, said with a place and a hint.

Only `config_schema` and `outlets_schema` import this; pydantic takes 50 ms to load, which a
command that reads no configuration should not pay.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pipelines.problems import ConfigError, Problem, suggest
from pipelines.toml_places import Loc, TomlFile, places

#: Longest value that a message repeats, in characters: enough to find it again.
SHOWN = 60
#: Keys whose value is never shown, not even when it is wrong.
SECRET_KEYS = frozenset(("password", "secret", "url", "ping_url", "api_key"))
#: The highest port number of TCP.
PORT_MAX = 65535

#: Steps of a timetable that divide the hour: only those can be said in a crontab.
TICKS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)

_WORDS = {
    "string": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list [...]",
    "dict": "a table",
    "model": "a table",
    "tuple": "a list [...]",
}
_BOUNDS = {
    "greater_than_equal": "at least",
    "less_than_equal": "at most",
}
_MAIL = re.compile(r"[^\s@<>\",;:\\]+@[^\s@<>\",;:\\]+")
_NAMED_MAIL = re.compile(rf"(?:[^<>\r\n\x00]*<)?({_MAIL.pattern})>?")
_HOST = re.compile(r"(?=.{1,253}\Z)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.?")
_PORT = re.compile(r"\d{1,5}")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Table(BaseModel):
    """A TOML table: types as TOML gives them, no key that we do not know."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


AnyTable = TypeVar("AnyTable", bound=Table)


class Report:
    """Collects the problems of one file, in order of its lines."""

    def __init__(self, file: TomlFile) -> None:
        self.file = file
        self._found: list[tuple[int, Problem]] = []
        self._top: frozenset[str] = frozenset()  # keys of the file's outermost table

    def add(self, code: str, loc: Loc, message: str, hint: str = "") -> None:
        """One problem at the key `loc`, or at the nearest table around it that has a line."""
        line = next((self._lines[at] for at in _outwards(loc) if at in self._lines), None)
        place = str(self.file.path) + (f":{line}" if line else "")
        if loc:
            place += f" ({_dotted(loc)})"
        self._found.append((line or 0, Problem(code, _plain(place), _plain(message), _plain(hint))))

    def table(self, model: type[AnyTable], table: object, loc: Loc = ()) -> AnyTable | None:
        """The table as a checked model; None, and its problems noted, when it is wrong."""
        if not loc:
            self._top = frozenset(_keys(model, ()))
        try:
            return model.model_validate(table)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                self._note(model, details, loc)
            return None

    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for _, problem in sorted(self._found, key=lambda pair: pair[0]))

    def stop_if_wrong(self) -> None:
        if self._found:
            raise ConfigError(self.problems())

    @cached_property
    def _lines(self) -> dict[Loc, int]:
        return places(self.file.text)

    def _note(self, model: type[Table], details: ErrorDetails, around: Loc) -> None:
        # pydantic marks a wrong key of a mapping by a part of its own
        loc = (*around, *(part for part in details["loc"] if part != "[key]"))
        kind, context = details["type"], details.get("ctx", {})
        key = str(loc[-1]) if loc else ""
        if kind == "missing":
            self.add("missing-key", loc[:-1], f"`{key}` is missing")
        elif kind == "extra_forbidden":
            hint = suggest(key, _keys(model, details["loc"][:-1]))
            if not hint.startswith("did") and key in self._top:
                hint = f"`{key}` belongs above the first [table] of the file"
            self.add("unknown-key", loc, f"unknown key `{key}`", hint)
        elif kind == "literal_error":
            words = [word for word in re.findall(r"'([^']*)'", context["expected"])]
            message = f"must be one of {', '.join(words)}{_found(loc, details)}"
            given = details["input"]
            hint = suggest(given, words) if isinstance(given, str) else ""
            self.add("not-in-list", loc, message, hint if hint.startswith("did") else "")
        elif kind.endswith(("_type", "_parsing", "int_from_float")):
            wanted = _WORDS.get(kind.split("_")[0], kind)
            hint = _brackets(kind, key, details["input"])
            self.add("wrong-type", loc, f"must be {wanted}{_found(loc, details)}", hint)
        elif kind in _BOUNDS:
            bound = f"{_BOUNDS[kind]} {next(iter(context.values()))}"
            self.add("out-of-range", loc, f"must be {bound}{_found(loc, details)}")
        elif kind == "too_short":
            self.add("missing-value", loc, "must hold at least one")
        elif "hint" in context:
            self.add(kind, loc, details["msg"], context["hint"])
        else:
            self.add("bad-value", loc, f"{_lower(details['msg'])}{_found(loc, details)}")


def _brackets(kind: str, key: str, given: object) -> str:
    """A hint for the slips that TOML's own shapes invite."""
    if kind == "list_type" and isinstance(given, dict):
        return f"a list of tables has two brackets: [[{key}]]"
    if kind == "model_type" and isinstance(given, list):
        return f"a single table has one bracket: [{key}]"
    if kind == "model_type" and isinstance(given, str):
        return 'as in { url = "https://..." }' if "://" in given else ""
    return ""


def _outwards(loc: Loc) -> Iterable[Loc]:
    return (loc[:length] for length in range(len(loc), -1, -1))


def _plain(text: str) -> str:
    """Without control characters: a key of a stranger's catalogue must not steer the terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _dotted(loc: Loc) -> str:
    return "".join(_part(part) for part in loc).removeprefix(".")


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _BARE_KEY.fullmatch(part) else f'."{part}"'


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _found(loc: Loc, details: ErrorDetails) -> str:
    if SECRET_KEYS.intersection(part for part in loc if isinstance(part, str)):
        return ""
    given = details["input"]
    if isinstance(given, (dict, list)):
        return ", not a table" if isinstance(given, dict) else ", not a list"
    shown = repr(given) if isinstance(given, str) else str(given).lower()
    return f", not {shown[:SHOWN]}"


def _keys(model: type[Table], loc: Loc) -> list[str]:
    """Keys that the table at `loc` inside a table of `model` knows."""
    for part in loc:
        if isinstance(part, str) and (field := model.model_fields.get(part)):
            model = _table_in(field.annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _table_in(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    inner = (_table_in(argument) for argument in get_args(annotation))
    return next((found for found in inner if found is not None), None)


def twice(values: Iterable[tuple[str, Loc]], known: Mapping[str, Loc] | None = None) -> list[Loc]:
    """Places of the values that stood earlier already."""
    seen = set(known or ())
    again: list[Loc] = []
    for value, loc in values:
        if value in seen:
            again.append(loc)
        seen.add(value)
    return again


def below(directory: Path, name: str) -> Path:
    """A path of a configuration: relative ones start at its directory, ~ at home."""
    return directory / os.path.expanduser(name)


def wrong(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """What a check of one value raises. Braces of the value must not act as a template."""
    escaped = message.replace("{", "(").replace("}", ")")
    return PydanticCustomError(code, escaped, {"hint": hint})


def check_url(value: str) -> str:
    """An http(s) address with a host, without credentials or characters that servers read twice."""
    if re.search(r"[\s\\\x00-\x1f\x7f]", value):
        raise wrong("bad-url", "has a space, a backslash or a control character in it")
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise wrong("bad-url", f"is no valid address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "it begins with https:// or http:// and names a host"
        raise wrong("bad-url", "must be a web address", hint)
    if parts.username is not None or parts.password is not None:
        raise wrong("bad-url", "must not hold a user name or password")
    if not port_is_valid or not _is_host(parts.hostname):
        raise wrong("bad-url", "names no valid host and port")
    return value


def _is_host(name: str) -> bool:
    if _HOST.fullmatch(name):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def check_host_and_port(value: str) -> str:
    host, colon, port = value.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    valid_port = bool(_PORT.fullmatch(port)) and 0 < int(port) <= PORT_MAX
    unclear = ":" in host and bare == host
    if not colon or not valid_port or unclear or not _is_host(bare):
        hint = 'as in "127.0.0.1:8099" or "[::1]:8099"'
        raise wrong("bad-host", f"{value[:SHOWN]!r} is not host:port", hint)
    return value


def check_host_or_address(value: str) -> str:
    if not _is_host(value):
        hint = "the name or address of a server alone, without https:// or a port"
        raise wrong("bad-host", f"{value[:SHOWN]!r} is no host", hint)
    return value


def check_host(value: str) -> str:
    if not _HOST.fullmatch(value):
        hint = "the name of a host alone, without https:// or a path"
        raise wrong("bad-host", f"{value[:SHOWN]!r} is no host name", hint)
    return value.lower()


def check_addresses(value: str) -> str:
    """A network in CIDR notation; a single address is a network of one."""
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        hint = 'as in "127.0.0.0/8" or "::1/128"'
        raise wrong("bad-network", f"{value[:SHOWN]!r} is no range of addresses", hint) from error
    hint = f'the network is "{meant}", a single address is written without a slash'
    raise wrong("bad-network", f"{value!r} is an address inside a network", hint)


def check_contact(value: str) -> str:
    """What stands in the user agent, where a publisher looks for somebody to write to."""
    hint = 'as in "https://example.org/veille, mailto:veille@example.org"'
    if not value.isascii() or not value.isprintable():
        raise wrong("bad-contact", "must be plain ASCII on one line", hint)
    parts = [part.strip().strip("<>()") for part in re.split(r"[,;\s]+", value)]
    if not any(_MAIL.fullmatch(part.removeprefix("mailto:")) or _is_url(part) for part in parts):
        raise wrong("bad-contact", "must hold a web address or mailto: address", hint)
    return value.strip()


def _is_url(value: str) -> bool:
    try:
        check_url(value)
    except PydanticCustomError:
        return False
    return True


def check_mail(value: str) -> str:
    found = _NAMED_MAIL.fullmatch(value)
    if not found or ("<" in value) != (">" in value) or "\n" in value or "\r" in value:
        hint = 'as in "veille@example.org" or "Veille <veille@example.org>"'
        raise wrong("bad-mail-address", f"{value[:SHOWN]!r} is no mail address", hint)
    return value


def read_clock(value: object) -> time:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if not found:
        hint = 'as in "07:30"'
        raise wrong("bad-time", "must be a time of day, hours and minutes", hint)
    return time(int(found[1]), int(found[2]))


def read_hours(value: object) -> tuple[time, time]:
    ends = value.split("-") if isinstance(value, str) else []
    if len(ends) != 2 or not all(_CLOCK.fullmatch(end.strip()) for end in ends):
        raise wrong("bad-time", "must be two times of day", 'as in "22:00-07:00"')
    return read_clock(ends[0].strip()), read_clock(ends[1].strip())


def check_tick(value: int) -> int:
    if value not in TICKS:
        hint = f"one of {', '.join(map(str, TICKS))}"
        raise wrong("out-of-range", "does not divide the hour", hint)
    return value


def check_language(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha() and value.islower()):
        raise wrong("bad-value", f"{value[:SHOWN]!r} is no language", 'two letters as in "fr"')
    return value


def check_text(value: str) -> str:
    if not value or not value.isprintable():
        raise wrong("bad-value", "must be a text on one line, not empty")
    return value


def check_name(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise wrong("bad-value", "must be a name on one line, not empty")
    return value


TickMinutes = Annotated[int, AfterValidator(check_tick)]
Url = Annotated[str, AfterValidator(check_url)]
Host = Annotated[str, AfterValidator(check_host)]
HostAndPort = Annotated[str, AfterValidator(check_host_and_port)]
Addresses = Annotated[str, AfterValidator(check_addresses)]
Contact = Annotated[str, AfterValidator(check_contact)]
Mail = Annotated[str, AfterValidator(check_mail)]
Clock = Annotated[time, BeforeValidator(read_clock)]
Hours = Annotated[tuple[time, time], BeforeValidator(read_hours)]
HostOrAddress = Annotated[str, AfterValidator(check_host_or_address)]
LanguageCode = Annotated[str, AfterValidator(check_language)]
Name = Annotated[str, AfterValidator(check_name)]
Text = Annotated[str, AfterValidator(check_text)]
