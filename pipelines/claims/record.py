"""Records of this reader, made by the hundred for every text.

To mypy they are frozen dataclasses as all others. At run time nothing guards them: Python sets each
field of a frozen one by a call, which made a `Draft` six times as dear, and `dataclasses.replace`
asks every field what it is. Together they were a twelfth of the time that reading a text takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A slotted dataclass that nobody changes."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


if TYPE_CHECKING:
    from dataclasses import replace as replace  # knows the fields of each record
else:

    def replace(one: Any, /, **changes: Any) -> Any:
        """A copy of a record with some fields changed, its derived ones computed anew."""
        made = object.__new__(type(one))
        for name in one.__slots__:
            setattr(made, name, changes[name] if name in changes else getattr(one, name))
        if hasattr(made, "__post_init__"):
            made.__post_init__()
        return made
