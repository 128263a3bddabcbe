"""The catalogue: who publishes, where, and what a well-behaved reader may ask of each."""

from __future__ import annotations

from pathlib import Path

from pipelines.records import Outlet
from pipelines.toml_places import read

#: The catalogue that ships, beside the spiders that read it.
SHIPPED = Path(__file__).parent.parent / "crawler" / "outlets.toml"


def load(path: Path | None = None) -> tuple[Outlet, ...]:
    """Outlets in the file's order, switched-off ones too; None: the catalogue as shipped.

    Raises ConfigError with every problem of the file.
    """
    # pydantic takes 50 ms to load: only for those who ask
    from pipelines.outlets_schema import build

    missing = "`catalogue` names it: mend the path, or leave the key out for the one that ships"
    return build(read(path or SHIPPED, missing))
