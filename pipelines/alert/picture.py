"""The amount of a deal over time, as a small PNG that needs no library and no network."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from pipelines.alert import telling
from pipelines.alert.sheet import Picture
from pipelines.alert.telling import Line
from pipelines.alert.words import phrase

#: Size as shown, in pixels; drawn twice as large for dense displays.
WIDTH, HEIGHT = 280, 56
SCALE = 2
#: Space around the line, so that its dots are whole, and the radius of a dot, in drawn pixels.
MARGIN, DOT = 14, 8
#: Palette: transparent, then tones that stand out on white and on black alike: the line, a figure
#: that is confirmed, one that is not, one that is denied, and, fainter, the line of zero.
PALETTE = (
    (0, 0, 0, 0),
    (122, 134, 153, 255),
    (38, 148, 84, 255),
    (214, 138, 20, 255),
    (204, 62, 62, 255),
    (122, 134, 153, 110),
)
LINE, ZERO = 1, 5
DOTS = {"confirmed": 2, "rumoured": 3, "denied": 4}

Point = tuple[float, int, int]  # seconds, amount, colour


def amounts_over_time(history: Sequence[Line], zone: ZoneInfo, language: str) -> Picture | None:
    """None when there is nothing to see: one figure only, or several currencies."""
    lines = [line for line in history if line["after"] and line["published"]]
    lines.sort(key=lambda line: (line["published"], line["id"]))
    currencies = {line["after"]["currency"] for line in lines}
    tops = [telling.top(line["after"]) for line in lines]
    if len(lines) < 2 or len(currencies) != 1 or len(set(tops)) < 2:
        return None
    points = [
        (
            telling.moment(line["published"], zone).timestamp(),
            telling.top(line["after"]),
            DOTS[line["after"]["certainty"]],
        )
        for line in lines
    ]
    first, last = lines[0], lines[-1]
    words = phrase(
        language,
        "from_to",
        telling.amount(first["after"], language),
        telling.day(telling.moment(first["published"], zone), language),
        telling.amount(last["after"], language),
        telling.day(telling.moment(last["published"], zone), language),
    )
    return Picture(
        png=base64.b64encode(png(points)).decode("ascii"),
        alt=phrase(language, "picture", words),
        width=WIDTH,
        height=HEIGHT,
    )


def png(points: Sequence[Point]) -> bytes:
    """Steps from figure to figure: an amount stands until the next one is told."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    canvas = [bytearray(width) for _ in range(height)]
    start, end = points[0][0], points[-1][0]
    highest = max(amount for _, amount, _ in points)

    def place(point: Point) -> tuple[int, int]:
        across = (point[0] - start) / ((end - start) or 1)
        up = point[1] / highest
        return (
            MARGIN + round(across * (width - 2 * MARGIN)),
            height - MARGIN - round(up * (height - 2 * MARGIN)),
        )

    places = [place(point) for point in points]
    _fill(canvas, 0, height - MARGIN, width, height - MARGIN + 2, ZERO)
    for (x, y), (next_x, next_y) in pairwise(places):
        _fill(canvas, x, y - 2, next_x, y + 2, LINE)
        _fill(canvas, next_x - 2, min(y, next_y) - 2, next_x + 2, max(y, next_y) + 2, LINE)
    for (x, y), (_, _, colour) in zip(places, points, strict=True):
        _dot(canvas, x, y, colour)
    return _encoded(canvas, width, height)


def _fill(
    canvas: list[bytearray], left: int, top: int, right: int, bottom: int, colour: int
) -> None:
    for y in range(top, bottom):
        canvas[y][left:right] = bytes([colour]) * (right - left)


def _dot(canvas: list[bytearray], x: int, y: int, colour: int) -> None:
    for row in range(-DOT, DOT + 1):
        half = int((DOT * DOT - row * row) ** 0.5)
        canvas[y + row][x - half : x + half + 1] = bytes([colour]) * (2 * half + 1)


def _encoded(canvas: list[bytearray], width: int, height: int) -> bytes:
    """PNG with a palette of 8 bits; each row begins with its filter, 0 for none."""
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour[:3]) for colour in PALETTE)
    opacity = bytes(colour[3] for colour in PALETTE)
    rows = b"".join(b"\0" + bytes(row) for row in canvas)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, content)
        for name, content in (
            (b"IHDR", header),
            (b"PLTE", colours),
            (b"tRNS", opacity),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
