"""Cells of a sheet: what a spreadsheet would run as a formula is quoted."""

from __future__ import annotations

import json
from typing import Any

from pipelines.alert.plain import clean

#: First characters that make a spreadsheet take a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell_of_sheet(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(int(value)) if isinstance(value, bool) else str(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    text = clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return f"'{text}" if text.startswith(FORMULA) else text
