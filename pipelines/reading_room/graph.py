"""Money flows around one company, as SVG that needs no script.

The company is a bar, those that it deals with stand in rows beside it: who pays it to the left, who
is only paid to the right, the most money on top. Every payment is a level line of its own, so that
no label lies on another line. What the company gets is a full line, what it pays a dashed one; a
payment that belongs to a circle is drawn thicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pipelines.alert.plain import clean, cut
from pipelines.reading_room.display import Display

#: Height of the row of one payment, of the box around a name on one row, and room above and below.
ROW, BOX, EDGE = 46, 30, 8
#: Length and half breadth of an arrow's tip, and air between a line and a box.
TIP, HALF_TIP, AIR = 10, 5, 3
#: How far over its line a label stands, and under the middle of a box its name.
OVER, UNDER = 6, 4.5
#: Others that are drawn, those with the most money; all are in the tables.
MOST = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the drawing is fitted to; lengths in its own units, pixels at full size."""

    name: str
    box: int  # width of the boxes around the names of others
    hub: int  # width of the bar in the middle
    line: int  # length between box and bar
    characters: int  # of a name that fit its box
    label: int  # characters of a label that fit over a line
    sides: int  # 1: all others stand to the left


#: For a window, and for a telephone 360 pixels wide.
WIDE = Sheet("wide", box=170, hub=150, line=215, characters=20, label=27, sides=2)
NARROW = Sheet("narrow", box=112, hub=30, line=184, characters=14, label=27, sides=1)


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one company to another."""

    payer: str
    payee: str
    label: str
    weight: int  # units of currency: the heaviest are drawn
    href: str
    circular: bool


def both(hub: str, flows: Sequence[Flow], title: str) -> str:
    """The drawing twice; the style sheet shows the one that fits."""
    return draw(hub, flows, title, WIDE) + draw(hub, flows, title, NARROW)


def draw(hub: str, flows: Sequence[Flow], title: str, sheet: Sheet) -> str:
    """The drawing; "" when there is nothing to draw."""
    others = _heaviest(hub, flows)
    if not others:
        return ""
    paying = {flow.payer for flow in flows if flow.payee == hub}
    left = [name for name in others if sheet.sides == 1 or name in paying]
    right = [name for name in others if name not in left]
    height = 2 * EDGE + ROW * max(len(_between(hub, side, flows)) for side in (left, right))
    start = sheet.box + sheet.line if left else 0
    end = start + sheet.hub
    width = end + (sheet.line + sheet.box if right else 0)
    parts = [
        f'<svg class="graph {sheet.name}" viewBox="-2 0 {width + 4} {height}" '
        f'width="{width + 4}" height="{height}" role="group" aria-label="{escape(title)}">'
    ]
    for side, near, far in ((left, start, 0), (right, end, end + sheet.line)):
        top = float(EDGE)
        for name in side:
            own = _between(hub, [name], flows)
            for row, flow in enumerate(own):
                outer = sheet.box if side is left else far
                parts.append(_flow(flow, hub, near, outer, top + ROW * (row + 0.5), sheet))
            parts.append(_node(name, far, top, ROW * len(own), sheet))
            top += ROW * len(own)
    parts.append(_hub(hub, start, height, sheet))
    return "".join((*parts, "</svg>"))


def _heaviest(hub: str, flows: Sequence[Flow]) -> list[str]:
    weights: dict[str, int] = {}
    for flow in flows:
        other = flow.payer if flow.payee == hub else flow.payee
        if other != hub:
            weights[other] = max(weights.get(other, 0), flow.weight)
    return sorted(weights, key=lambda name: (-weights[name], name))[:MOST]


def _between(hub: str, others: Sequence[str], flows: Sequence[Flow]) -> list[Flow]:
    """Payments between the company and the others, what it gets first."""
    found = [flow for flow in flows if {flow.payer, flow.payee} - {hub} <= set(others)]
    return sorted(
        (flow for flow in found if flow.payer != flow.payee), key=lambda flow: flow.payer == hub
    )


def _node(name: str, x: float, top: float, rows: float, sheet: Sheet) -> str:
    tall = rows - (ROW - BOX)
    return (
        f'<a class="node" href="{escape(Display.address("company", name))}">'
        f"<title>{escape(clean(name))}</title>"
        f'<rect x="{x}" y="{top + (ROW - BOX) / 2:.1f}" width="{sheet.box}" height="{tall:.1f}" '
        f'rx="4"/><text x="{x + sheet.box / 2:.1f}" y="{top + rows / 2 + UNDER:.1f}" '
        f'text-anchor="middle">{escape(cut(clean(name), sheet.characters))}</text></a>'
    )


def _hub(name: str, x: float, height: float, sheet: Sheet) -> str:
    middle, half = x + sheet.hub / 2, height / 2
    turned = f' transform="rotate(-90 {middle:.1f} {half:.1f})"' if sheet.sides == 1 else ""
    return (
        f'<g class="node hub"><rect x="{x}" y="2" width="{sheet.hub}" height="{height - 4}" '
        f'rx="4"/><text x="{middle:.1f}" y="{half + UNDER:.1f}" text-anchor="middle"{turned}>'
        f"{escape(cut(clean(name), WIDE.characters))}</text></g>"
    )


def _flow(flow: Flow, hub: str, near: float, outer: float, y: float, sheet: Sheet) -> str:
    """A payment on its line between the bar at `near` and the box that ends at `outer`."""
    is_in = flow.payee == hub
    begin, end = (outer, near) if is_in else (near, outer)
    way = 1 if end > begin else -1
    begin, end = begin + way * AIR, end - way * AIR
    neck = end - way * TIP
    side = "in" if is_in else "out"
    loop = " loop" if flow.circular else ""
    words = f"{clean(flow.payer)} → {clean(flow.payee)}: {flow.label}"
    return (
        f'<a class="flow {side}{loop}" href="{escape(flow.href)}">'
        f"<title>{escape(words)}</title>"
        f'<path class="edge" d="M{begin:.1f} {y:.1f}H{neck:.1f}"/>'
        f'<path class="tip" d="M{end:.1f} {y:.1f}L{neck:.1f} {y - HALF_TIP:.1f}'
        f'V{y + HALF_TIP:.1f}z"/>'
        f'<text x="{(begin + end) / 2:.1f}" y="{y - OVER:.1f}" text-anchor="middle">'
        f"{escape(cut(clean(flow.label), sheet.label))}</text></a>"
    )
