"""Money flows around one company, as SVG that needs no script.

The company stands in the middle, those it deals with around it. What it gets is a full line, what
it pays a dashed one; a payment that belongs to a circle is drawn thicker.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pipelines.alert.plain import clean, cut
from pipelines.reading_room.display import Display

#: Size of the drawing and half axes of the ellipse on which the others stand, in its own units.
WIDTH, HEIGHT = 760, 520
ACROSS, UP = 290, 205
#: Half height of a box, width of a character in it, and room at both ends of a name.
HALF_BOX, CHARACTER, PAD = 16, 7.6, 24
#: How far the two lines between two companies lie apart, and the length of an arrow's tip.
APART, TIP = 11, 11
#: Where on its way the label of a lone line stands, by turns.
LABEL_PLACES = (0.4, 0.6)
#: Air between a line and a box.
AIR = 3
#: Others that are drawn, those with the most money; all are in the tables.
MOST = 12
#: Longest name in a box, in characters.
NAME = 20


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one company to another."""

    payer: str
    payee: str
    label: str
    weight: int  # units of currency: the heaviest are drawn
    href: str
    circular: bool


def draw(hub: str, flows: Sequence[Flow], title: str) -> str:
    """The drawing; "" when there is nothing to draw."""
    weights: dict[str, int] = {}
    for flow in flows:
        other = flow.payer if flow.payee == hub else flow.payee
        if other != hub:
            weights[other] = max(weights.get(other, 0), flow.weight)
    others = sorted(weights, key=lambda name: (-weights[name], name))[:MOST]
    if not others:
        return ""
    # names in the order of the alphabet keep the picture alike from day to day
    places = {hub: (WIDTH / 2, HEIGHT / 2)}
    for number, name in enumerate(sorted(others)):
        angle = 2 * math.pi * number / len(others) - math.pi / 2
        places[name] = (
            WIDTH / 2 + ACROSS * math.cos(angle),
            HEIGHT / 2 + UP * math.sin(angle),
        )
    parts = [
        f'<svg class="graph" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="group" aria-label="{escape(title)}">'
    ]
    ways = {(flow.payer, flow.payee) for flow in flows}
    numbers = {name: number for number, name in enumerate(places)}
    parts += [
        _flow(
            flow,
            hub,
            places,
            (flow.payee, flow.payer) in ways,
            # those of neighbours stand now nearer, now farther, so that they do not touch
            LABEL_PLACES[(numbers[flow.payer] + numbers[flow.payee]) % 2],
        )
        for flow in flows
        if flow.payer in places and flow.payee in places
    ]
    parts += [_node(name, place, name == hub) for name, place in places.items()]
    return "".join((*parts, "</svg>"))


def _width(name: str) -> float:
    return min(len(name), NAME) * CHARACTER + PAD


def _node(name: str, place: tuple[float, float], is_hub: bool) -> str:
    x, y = place
    wide = _width(name)
    box = (
        f'<rect x="{x - wide / 2:.1f}" y="{y - HALF_BOX}" width="{wide:.1f}" '
        f'height="{2 * HALF_BOX}" rx="4"/>'
        f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">'
        f"{escape(cut(clean(name), NAME))}</text>"
    )
    if is_hub:
        return f'<g class="node hub">{box}</g>'
    return f'<a class="node" href="{escape(Display.address("company", name))}">{box}</a>'


def _flow(
    flow: Flow,
    hub: str,
    places: dict[str, tuple[float, float]],
    two_way: bool,
    lone: float,
) -> str:
    apart = APART if two_way else 0
    (x1, y1), (x2, y2) = places[flow.payer], places[flow.payee]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    # each direction keeps to its right, as on a road
    aside = (-uy * apart, ux * apart)
    start = _way_out(ux, uy, aside, _width(flow.payer))
    end = length - _way_out(-ux, -uy, aside, _width(flow.payee))
    from_x, from_y = x1 + aside[0] + ux * start, y1 + aside[1] + uy * start
    to_x, to_y = x1 + aside[0] + ux * end, y1 + aside[1] + uy * end
    tip = (
        f"M{to_x:.1f} {to_y:.1f}L{to_x - ux * TIP - uy * 6:.1f} {to_y - uy * TIP + ux * 6:.1f}"
        f"L{to_x - ux * TIP + uy * 6:.1f} {to_y - uy * TIP - ux * 6:.1f}z"
    )
    # so do the labels of two directions
    share = 0.32 if two_way and flow.payee == hub else 0.45 if two_way else lone
    way = end - start
    label_x, label_y = from_x + ux * way * share, from_y + uy * way * share
    side = "in" if flow.payee == hub else "out"
    loop = " loop" if flow.circular else ""
    words = f"{clean(flow.payer)} → {clean(flow.payee)}: {flow.label}"
    return (
        f'<a class="flow {side}{loop}" href="{escape(flow.href)}">'
        f"<title>{escape(words)}</title>"
        f'<path class="edge" d="M{from_x:.1f} {from_y:.1f}L{to_x - ux * TIP:.1f} '
        f'{to_y - uy * TIP:.1f}"/><path class="tip" d="{tip}"/>'
        f'<text x="{label_x:.1f}" y="{label_y + 4:.1f}" text-anchor="middle">'
        f"{escape(flow.label)}</text></a>"
    )


def _way_out(ux: float, uy: float, aside: tuple[float, float], wide: float) -> float:
    """How far a line that starts `aside` of the middle of a box goes until it is out of it."""

    def until(direction: float, offset: float, half: float) -> float:
        return (math.copysign(half, direction) - offset) / direction if direction else math.inf

    return min(until(ux, aside[0], wide / 2), until(uy, aside[1], HALF_BOX)) + AIR
