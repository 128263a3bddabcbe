"""Records of this reader, made by the hundred for every text.

To mypy they are frozen dataclasses as all others. At run time nothing guards them: Python sets each
field of a frozen one by a call, which made a `Draft` six times as dear, and `dataclasses.replace`
asks every field what it is. Together they were a twelfth of the time that reading a text takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

T = TypeVar("T")


#: Class of a record → what tells its fields, and the place of each.
_FIELDS: dict[type, tuple[Callable[[Any], Any], dict[str, int]]] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A slotted dataclass that nobody changes."""
    made = dataclass(slots=True, unsafe_hash=True)(cls)
    # mypy does not know that what `dataclass` gives back has fields
    names = [one.name for one in fields(made) if one.init]  # type: ignore[arg-type]
    _FIELDS[made] = attrgetter(*names), {name: k for k, name in enumerate(names)}
    return made


if TYPE_CHECKING:
    from dataclasses import replace as replace  # knows the fields of each record
else:

    def replace(one: Any, /, **changes: Any) -> Any:
        """A copy of a record (of two fields or more) with some of them changed."""
        told, places = _FIELDS[type(one)]
        values = list(told(one))
        for name, value in changes.items():
            values[places[name]] = value
        return type(one)(*values)
