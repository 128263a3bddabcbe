"""The amount of a deal over time, as SVG that needs no script.

A figure stands until the next one is told: a line of steps. What is believed of a figure shows by
shape as well as by colour: a hollow diamond is a rumour, a full circle is confirmed, a cross is
denied. A bar spans the values that a statement stands for ("jusqu’à", "environ", "de ... à").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from pipelines.money import Amount, show
from pipelines.records import Certainty

#: Room for the axes above and below, in units of the drawing (pixels at full size).
TOP, BOTTOM = 30, 34
#: Radius of a mark, and the least distance at which two labels do not touch.
MARK, LABEL_GAP = 6, 78
#: Share of the time shown before the first mark and after the last.
MARGIN = 0.04
#: Lines of the grid that are aimed at.
GRID = 4
#: Months in whose steps the axis of time may be marked; the first that gives few enough is taken.
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)

Across = Callable[[datetime], float]
Up = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the drawing is fitted to: its size and the room for its axes."""

    name: str
    width: int
    height: int
    left: int
    right: int
    ticks: int  # marks of the axis of time at most


#: For a window, and for a telephone 360 pixels wide.
WIDE = Sheet("wide", 720, 280, left=78, right=34, ticks=8)
NARROW = Sheet("narrow", 328, 240, left=70, right=26, ticks=3)


@dataclass(frozen=True, slots=True)
class Point:
    """One figure at its time."""

    at: datetime
    amounts: tuple[Amount, ...]  # one, or the sides of a contest
    certainty: Certainty
    told: bool  # it changed something: the line goes through it
    href: str  # where its sentence stands
    words: str  # what a reader hears or sees on pointing at it


def both(points: Sequence[Point], language: str, title: str) -> str:
    """The drawing twice; the style sheet shows the one that fits."""
    return "".join(draw(points, language, title, sheet) for sheet in (WIDE, NARROW))


def draw(points: Sequence[Point], language: str, title: str, sheet: Sheet = WIDE) -> str:
    """The drawing; "" when there is nothing to draw."""
    if not points:
        return ""
    ordered = sorted(points, key=lambda point: point.at)
    start, end = ordered[0].at, ordered[-1].at
    if end - start < timedelta(days=2):
        start, end = start - timedelta(days=1), end + timedelta(days=1)
    margin = (end - start) * MARGIN
    first, last = start - margin, end + margin
    highest = max(amount.span[1] for point in ordered for amount in point.amounts)
    step = _nice(highest / GRID)
    top = step * math.ceil(highest / step)
    currency = ordered[-1].amounts[0].currency
    foot = sheet.height - BOTTOM

    def across(at: datetime) -> float:
        share: float = (at - first) / (last - first)
        return sheet.left + (sheet.width - sheet.left - sheet.right) * share

    def up(amount: float) -> float:
        return foot - (foot - TOP) * (amount / top)

    parts = [
        f'<svg class="chart {sheet.name}" viewBox="0 0 {sheet.width} {sheet.height}" '
        f'width="{sheet.width}" height="{sheet.height}" role="group" '
        f'aria-label="{escape(title)}">'
    ]
    for line in range(round(top / step) + 1):
        y = up(line * step)
        parts.append(f'<path class="grid" d="M{sheet.left} {y:.1f}H{sheet.width - sheet.right}"/>')
        label = show(Amount(round(line * step), None, currency, "exact"), language) if line else "0"
        parts.append(f'<text class="tick" x="{sheet.left - 8}" y="{y + 4:.1f}" text-anchor="end">')
        parts.append(f"{escape(label)}</text>")
    for at, label in _ticks(first, last, sheet.ticks):
        parts.append(f'<path class="grid" d="M{across(at):.1f} {foot}v5"/>')
        parts.append(
            f'<text class="tick" x="{across(at):.1f}" y="{foot + 20}" '
            f'text-anchor="middle">{escape(label)}</text>'
        )
    parts.append(_line([p for p in ordered if p.told] or ordered[:1], across, up, last))
    parts += [_mark(point, across(point.at), up) for point in ordered if not point.told]
    parts += [_mark(point, across(point.at), up) for point in ordered if point.told]
    parts += _labels([p for p in ordered if p.told], across, up, language, sheet)
    return "".join((*parts, "</svg>"))


def _nice(step: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= step * 0.999)


def _highest(point: Point) -> int:
    return max(amount.top for amount in point.amounts)


def _line(points: Sequence[Point], across: Across, up: Up, end: datetime) -> str:
    """Steps from figure to figure up to `end`; a denial ends the line, the next figure opens one"""
    path, drawing = "", False
    for point in points:
        x, y = across(point.at), up(_highest(point))
        path += f"H{x:.1f}V{y:.1f}" if drawing else f"M{x:.1f} {y:.1f}"
        drawing = point.certainty != "denied"
    if drawing:
        path += f"H{across(end):.1f}"
    return f'<path class="line" d="{path}"/>'


def _mark(point: Point, x: float, up: Up) -> str:
    shown = "told" if point.told else "echo"
    parts = [
        f'<a href="{escape(point.href)}" class="point {shown} {point.certainty}">'
        f"<title>{escape(point.words)}</title>"
    ]
    for amount in point.amounts:
        low, high = amount.span
        if amount.qualifier != "exact":
            parts.append(f'<path class="span" d="M{x - 4:.1f} {up(high):.1f}h8m-4 0')
            parts.append(f'V{up(low):.1f}m-4 0h8"/>')
        parts.append(_shape(point.certainty, x, up(amount.top), MARK if point.told else MARK - 2))
    return "".join((*parts, "</a>"))


def _shape(certainty: Certainty, x: float, y: float, size: int) -> str:
    match certainty:
        case "confirmed":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>'
        case "rumoured":
            corners = f"M{x:.1f} {y - size - 1:.1f}l{size + 1} {size + 1}-{size + 1} {size + 1}"
            return f'<path d="{corners}-{size + 1}-{size + 1}z"/>'
        case "denied":
            long = 2 * size
            return (
                f'<path d="M{x - size:.1f} {y - size:.1f}l{long} {long}m-{long} 0l{long}-{long}"/>'
            )


def _labels(
    points: Sequence[Point], across: Across, up: Up, language: str, sheet: Sheet
) -> list[str]:
    """The figure at each mark where it moved and there is room; at the last one always."""
    parts: list[str] = []
    right, shown = float("-inf"), ""
    for point in points:
        x, y = across(point.at), up(_highest(point))
        words = show(max(point.amounts, key=lambda amount: amount.top), language)
        newest = point is points[-1]
        if words == shown or (x - right < LABEL_GAP and not newest):
            continue
        if newest and x - right < LABEL_GAP and parts:
            parts.pop()
        side = (
            "end"
            if x > sheet.width - sheet.right - LABEL_GAP / 2
            else "start"
            if x < sheet.left + LABEL_GAP / 2
            else "middle"
        )
        parts.append(
            f'<text class="figure" x="{x:.1f}" y="{y - MARK - 7:.1f}" text-anchor="{side}">'
            f"{escape(words)}</text>"
        )
        right, shown = x, words
    return parts


def _ticks(start: datetime, end: datetime, most: int) -> list[tuple[datetime, str]]:
    """Firsts of months in even steps, or three days where there is no such first."""
    first = datetime(start.year, start.month, 1, tzinfo=start.tzinfo)
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next((n for n in MONTH_STEPS if months / n <= most), MONTH_STEPS[-1])
    found = []
    for count in range(0, months + 1, step):
        number = first.month - 1 + count
        at = first.replace(year=first.year + number // 12, month=number % 12 + 1)
        if at >= start:
            found.append((at, f"{at.month:02}/{at.year}"))
    if len(found) >= 2:
        return found
    middle = start + (end - start) / 2
    return [(at, f"{at.day:02}/{at.month:02}/{at.year}") for at in (start, middle, end)][:most]
