"""Records to JSON and back: the shapes of the contract, in one place.

Times are ISO 8601 with offset, UTC, to the second; amounts `[low, high]` in units of currency, null
for an open end. Reading checks what it reads: `ShapeError` names the key and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args

from pipelines.money import QUALIFIERS, Amount, Qualifier
from pipelines.records import (
    QUOTE_LIMIT,
    Article,
    Certainty,
    Claim,
    Corroboration,
    Deal,
    Figure,
    Instrument,
    Kind,
    Post,
    Stage,
    ValuationBasis,
)
from pipelines.sentences import spans

Json = dict[str, Any]

#: No sum in units of any currency reaches this; SQLite's integer ends there.
MOST_UNITS = 2**63
#: No commitment runs this long.
MOST_YEARS = 1000


class ShapeError(ValueError):
    """A JSON value has not the shape that the contract gives it."""


def when(moment: datetime) -> str:
    """UTC, to the second: order as text is order in time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    """The instant of an ISO 8601 time; one without offset is refused."""
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise ShapeError(
            f"{text!r} is no ISO 8601 time such as 2026-01-29T10:00:00+01:00"
        ) from None
    if found.tzinfo is None:
        raise ShapeError(f"{text!r} has no offset; write 2026-01-29T10:00:00+01:00")
    try:
        found.astimezone(UTC)
    except OverflowError:
        raise ShapeError(f"{text!r} is beyond the calendar") from None
    return found


def claim_to_json(claim: Claim) -> Json:
    return {
        "kind": claim.kind,
        "payers": list(claim.payers),
        "payee": claim.payee,
        "amount": [claim.amount.low, claim.amount.high],
        "currency": claim.amount.currency,
        "qualifier": claim.amount.qualifier,
        "certainty": claim.certainty,
        "stage": claim.stage,
        "sources": list(claim.sources),
        "background": claim.background,
        "additional": claim.additional,
        "valuation_basis": claim.valuation_basis,
        "instrument": claim.instrument,
        "years": claim.years,
        "confidence": claim.confidence,
        "amount_text": claim.amount_text,
        "amount_start": claim.amount_start,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "rule": claim.rule,
    }


def _one_of(given: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> Any:
    if given.get(key) not in choices:
        raise ShapeError(f"{key} is {given.get(key)!r}; one of {', '.join(choices)} is expected")
    return given[key]


def _names(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = given.get(key)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ShapeError(f"{key} is {names!r}; a list of names is expected")
    return tuple(names)


def amount_from_json(given: Mapping[str, Any]) -> Amount:
    bounds = given.get("amount")
    whole = isinstance(bounds, list) and len(bounds) == 2
    if not whole or not all(b is None or _is_money(b) for b in bounds or ()):
        raise ShapeError(f"amount is {bounds!r}; [low, high] in units of currency is expected")
    assert isinstance(bounds, list)  # told by `whole`
    low, high = (None if bound is None else round(bound) for bound in bounds)
    qualifier: Qualifier = _one_of(given, "qualifier", QUALIFIERS)
    try:
        return Amount(low, high, given.get("currency") or "USD", qualifier)
    except ValueError as error:
        raise ShapeError(f"amount is {bounds!r}: {error}") from None


def _is_money(bound: Any) -> bool:
    """A positive number of units that SQLite's integer holds."""
    number = isinstance(bound, int | float) and not isinstance(bound, bool)
    return number and 0 < bound < MOST_UNITS


def _optional_one_of(given: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> Any:
    return None if given.get(key) is None else _one_of(given, key, choices)


def claim_from_json(given: Mapping[str, Any], text: str | None = None) -> Claim:
    """A claim as given. With `text`, missing offsets are sought there (`import --claims`)."""
    payee = given.get("payee")
    if not isinstance(payee, str) or not payee:
        raise ShapeError(f"payee is {payee!r}; a name is expected")
    amount_text, years = given.get("amount_text") or "", given.get("years")
    if not isinstance(amount_text, str):
        raise ShapeError(f"amount_text is {amount_text!r}; characters of the text are expected")
    if years is not None and (not isinstance(years, int) or not 0 < years < MOST_YEARS):
        raise ShapeError(f"years is {years!r}; a whole number or null is expected")
    amount_start, start, end = (given.get(key) for key in ("amount_start", "start", "end"))
    quote = given.get("quote")
    if text is not None:
        amount_start, start, end = _place(text, amount_text, amount_start)
        quote = None if start is None else text[start:end]
    return Claim(
        kind=_one_of(given, "kind", get_args(Kind)),
        payers=_names(given, "payers"),
        payee=payee,
        amount=amount_from_json(given),
        certainty=_one_of(given, "certainty", get_args(Certainty)),
        stage=_one_of(given, "stage", get_args(Stage)),
        sources=_names(given, "sources"),
        background=bool(given.get("background")),
        additional=bool(given.get("additional")),
        valuation_basis=_optional_one_of(given, "valuation_basis", get_args(ValuationBasis)),
        instrument=_optional_one_of(given, "instrument", get_args(Instrument)),
        years=years,
        confidence=float(given.get("confidence") or 1.0),
        amount_text=amount_text,
        amount_start=amount_start,
        quote=quote,
        start=start,
        end=end,
        rule=given.get("rule") or "given",
    )


def kept_to_json(claim: Claim) -> Json:
    """A claim for ourselves: with what is known of it and is not printed."""
    return claim_to_json(claim) | {"due": claim.due and claim.due.isoformat()}


def kept_from_json(given: Mapping[str, Any]) -> Claim:
    due = given.get("due")
    return replace(claim_from_json(given), due=date.fromisoformat(due) if due else None)


def _place(
    text: str, amount_text: str, hint: int | None
) -> tuple[int | None, int | None, int | None]:
    """Offsets of the amount and of the sentence around it, cut to the length of a quote."""
    if not amount_text:
        return None, None, None
    at_hint = hint is not None and text[hint : hint + len(amount_text)] == amount_text
    found = hint if at_hint and hint is not None else text.find(amount_text)
    if found < 0:
        return None, None, None
    start, end = next(
        ((left, right) for left, right in spans(text) if left <= found < right),
        (found, found + len(amount_text)),
    )
    if end - start > QUOTE_LIMIT:
        start = max(start, found - (QUOTE_LIMIT - len(amount_text)) // 2)
        end = min(end, start + QUOTE_LIMIT)
    return found, start, end


def figure_to_json(figure: Figure | None) -> Json | None:
    if figure is None:
        return None
    shape: Json = {
        "amount": list(figure.amount),
        "currency": figure.currency,
        "qualifier": figure.qualifier,
        "certainty": figure.certainty,
        "stage": figure.stage,
    }
    if figure.contested:
        shape["contested"] = [
            {"amount": list(amount), "sources": list(sources)}
            for amount, sources in figure.contested
        ]
    if figure.pre_money:
        shape["pre_money"] = list(figure.pre_money)
    return shape


def figure_from_json(given: Mapping[str, Any] | None) -> Figure | None:
    if given is None:
        return None
    return Figure(
        amount=tuple(given["amount"]),
        currency=given["currency"],
        qualifier=given["qualifier"],
        certainty=given["certainty"],
        stage=given["stage"],
        contested=tuple(
            (tuple(side["amount"]), tuple(side["sources"])) for side in given.get("contested", ())
        ),
        pre_money=tuple(given["pre_money"]) if given.get("pre_money") else None,
    )


def corroboration_to_json(said: Corroboration) -> Json:
    return {
        "outlets": said.outlets,
        "independent": said.independent,
        "origins": list(said.origins),
    }


def corroboration_from_json(given: Mapping[str, Any]) -> Corroboration:
    return Corroboration(given["outlets"], given["independent"], tuple(given["origins"]))


def deal_to_json(deal: Deal) -> Json:
    """One line of `veille deals --json`."""
    figure = figure_to_json(deal.figure)
    assert figure is not None
    return {
        "id": deal.id,
        "aliases": list(deal.aliases),
        "kind": deal.kind,
        "payers": list(deal.payers),
        "payee": deal.payee,
        **figure,
        "first": when(deal.first),
        "last": when(deal.last),
        "superseded": [list(amount) for amount in deal.superseded],
        "parts": [list(amount) for amount in deal.parts],
        "corroborations": corroboration_to_json(deal.corroboration),
    }


def article_to_json(article: Article, identity: str | None = None) -> Json:
    """One line of `veille read --json`; `identity` is the file's stem."""
    shape: Json = {"id": identity} if identity is not None else {}
    shape |= {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "language": article.language,
        "outlet": article.outlet,
        "wire": article.wire,
        "paywalled": article.paywalled,
        "text": article.text,
    }
    if article.posts:
        shape["posts"] = [
            {
                "published": post.published.isoformat() if post.published else None,
                "start": post.start,
                "end": post.end,
            }
            for post in article.posts
        ]
    return shape


def article_from_json(given: Mapping[str, Any]) -> Article:
    """The inverse of `article_to_json`, for what a first run keeps until it posts."""
    return Article(
        url=given["url"],
        canonical_url=given["canonical_url"],
        outlet=given["outlet"],
        title=given["title"],
        text=given["text"],
        published=_optional(given["published"]),
        modified=_optional(given["modified"]),
        authors=tuple(given["authors"]),
        language=given["language"],
        wire=given["wire"],
        paywalled=given["paywalled"],
        basis=given.get("basis", "page"),
        posts=tuple(
            Post(_optional(post["published"]), post["start"], post["end"])
            for post in given.get("posts", ())
        ),
        dated_by=given.get("dated_by", ""),
    )


def _optional(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
