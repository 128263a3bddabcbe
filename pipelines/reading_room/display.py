"""How values are written on a page, in the reader's language and time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pipelines.alert import telling
from pipelines.alert.plain import clean, link, link_to
from pipelines.money import show
from pipelines.reading_room.words import phrase
from pipelines.shapes import amount_from_json


class Display:
    """What templates call; every text of the press passes through `clean`."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self._zone = zone

    def t(self, key: str, *values: object) -> str:
        return phrase(self.language, key, *values)

    def counted(self, one: str, many: str, count: int) -> str:
        return self.t(one if count == 1 else many, count)

    def amount(self, figure: Mapping[str, Any]) -> str:
        """ "50 Md$"; both sides of a contest."""
        return telling.amount(figure, self.language)

    def money(self, bounds: Sequence[int | None], currency: str) -> str:
        low, high = bounds
        qualifier = "up_to" if low is None else "more_than" if high is None else "between"
        if low is not None and low == high:
            qualifier = "exact"
        shape = {"amount": [low, high], "currency": currency, "qualifier": qualifier}
        return show(amount_from_json(shape), self.language)

    def status(self, figure: Mapping[str, Any]) -> str:
        return telling.status(figure, self.language)

    def flow(self, line: Mapping[str, Any]) -> str:
        """ "Amazon → OpenAI", or the company of a round."""
        payers = telling.names(line["payers"], self.language)
        if payers and line["kind"] not in ("round", "valuation"):
            return f"{payers} → {clean(line['payee'])}"
        return clean(line["payee"])

    def heading(self, line: Mapping[str, Any]) -> str:
        """ "Amazon → OpenAI, investissement"; who joined a round."""
        return telling.heading(line, self.language)

    def headline(self, line: Mapping[str, Any]) -> str:
        """A change in one line, for a news reader."""
        told = self.t(f"label:{line['change']}") + self.t("colon")
        return f"{told} {self.heading(line)}, {self.move(line)}"

    def move(self, line: Mapping[str, Any]) -> str:
        return telling.move(line, self.language)

    def names(self, given: Sequence[str]) -> str:
        return telling.names(given, self.language)

    def day(self, text: str | None) -> str:
        if not text:
            return self.t("never")
        return telling.day(telling.moment(text, self._zone), self.language)

    def clock(self, text: str | None) -> str:
        """ "27 févr. 2026, 14:00"."""
        if not text:
            return self.t("never")
        return f"{self.day(text)}, {telling.moment(text, self._zone):%H:%M}"

    def hours(self, seconds: float | None) -> str:
        if seconds is None:
            return "–"
        hours = round(seconds / 3600)
        return self.t("hours", hours) if hours < 72 else self.t("days", round(hours / 24))

    def percent(self, share: float | None) -> str:
        if share is None:
            return "–"
        return f"{share * 100:.0f}\u00a0%" if self.language == "fr" else f"{share * 100:.0f}%"

    def number(self, value: float | None) -> str:
        if value is None:
            return "–"
        text = f"{value:,.1f}".removesuffix(".0")
        if self.language == "en":
            return text
        return text.replace(",", "\u202f").replace(".", ",")

    @staticmethod
    def clean(text: str | None) -> str:
        return clean(text or "")

    @staticmethod
    def link(url: str | None) -> str:
        return link(url or "")

    @staticmethod
    def contact(words: str) -> str:
        """Address of a contact as the configuration has it, of a page or for mail; or ""."""
        words = words.strip()
        return words if words.startswith("mailto:") else link(words)

    @staticmethod
    def link_to(url: str | None, sentence: str | None) -> str:
        return link_to(url or "", sentence)

    @staticmethod
    def address(kind: str, key: object) -> str:
        """Of a page of ours: its last part is quoted whole."""
        return f"/{kind}/{quote(str(key), safe='')}"

    @staticmethod
    def when(text: str) -> datetime:
        return datetime.fromisoformat(text)
