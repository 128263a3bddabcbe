"""The forty cases, the replay press and the seeds, given their gold claims."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from change_ledger import Ledger, claim, posting, rows

from pipelines.records import Change, Posting

DAY_ZERO = datetime(2026, 1, 1, 12, tzinfo=UTC)


def label(change: Change) -> str:
    # of a contradiction the cases leave the weaker labels out
    also = () if change.label == "contradiction" else change.also
    return "+".join((change.label, *also))


def case_postings(case: dict[str, Any]) -> list[Posting]:
    made: list[Posting] = []
    for n, article in enumerate(case["articles"]):
        at = DAY_ZERO + timedelta(days=article["day"])
        of = article["revision_of"]
        first = made[of] if of is not None else None
        url = first.url if first else f"https://outlet-{n}.example/{n}"
        claims = [claim(c) for c in article["claims"]]
        made.append(posting(n, url, at, claims, published=first.published if first else at))
    return made


@pytest.mark.parametrize("case", rows("cases.jsonl"), ids=lambda c: c["name"])
def test_a_case_of_the_rules_comes_out_as_written(case: dict[str, Any]) -> None:
    last = Ledger().take_all(case_postings(case))[-1]
    assert sorted(label(c) for c in last if c.alert) == sorted(case["expect_alerts"])
    assert sorted(c.label for c in last if not c.alert) == sorted(case["expect_quiet"])


def press() -> list[Posting]:
    made = []
    lines = rows("press.gold.jsonl")
    first = {r["id"]: r for r in lines}
    for n, r in enumerate(lines):
        published = datetime.fromisoformat(r["published"])
        at = datetime.fromisoformat(r["updated"]) if r["updated"] else published
        root = first[r["revision_of"] or r["id"]]
        voice = min(x for x in (root["id"], root["syndicated_with"]) if x)
        claims = [claim(c) for c in r["claims"]]
        made.append(
            posting(n, r["url"], at, claims, published=published, outlet=r["outlet"], voice=voice)
        )
    return sorted(made, key=lambda p: (p.at, p.url))


def seeds() -> list[Posting]:
    made = []
    for n, r in enumerate(rows("seeds.gold.jsonl")):
        at = datetime.fromisoformat(r["date"]).replace(tzinfo=UTC)
        url = f"https://seeds.example/{r['id']}"
        outlet = f"seed-{n}"
        made.append(posting(100 + n, url, at, [claim(c) for c in r["claims"]], outlet=outlet))
    return sorted(made, key=lambda p: (p.at, p.url))


def figure(shown: Any) -> tuple[float, ...]:
    """As the scorer compares figures: tops to three digits, both sides of a contest."""
    if shown is None:
        return ()
    if isinstance(shown, dict):
        sides = [s["amount"] for s in shown.get("contested", [])] or [shown["amount"]]
    else:
        sides = [amount for amount, _ in shown.contested] or [shown.amount]
    return tuple(sorted(float(f"{h if h is not None else low:.2e}") for low, h in sides))


def named(change: str, kind: str, payers: Any) -> tuple[str, ...]:
    # the scorer compares the names of a round or a valuation only where they are the news
    return (
        () if kind in ("round", "valuation") and change != "new_investor" else tuple(sorted(payers))
    )


Row = tuple[str, str, tuple[str, ...], str, str, tuple[str, ...], tuple[float, ...], Any, Any]


def told(url: str, c: Change) -> Row:
    before = figure(c.before) if c.alert else ()
    also = c.also if c.alert else ()
    payers = named(c.label, c.kind, c.payers)
    return (url, c.label, also, c.kind, c.payee, payers, figure(c.after), before, c.claims)


def wanted(url: str, r: dict[str, Any]) -> Row:
    before = figure(r["before"]) if r["alert"] else ()
    also = tuple(sorted(r["also"])) if r["alert"] else ()
    payers = named(r["change"], r["kind"], r["payers"])
    after = figure(r["after"])
    claims = tuple(r["claims"])
    return (url, r["change"], also, r["kind"], r["payee"], payers, after, before, claims)


def outcomes(postings: list[Posting]) -> Counter[Row]:
    ledger = Ledger()
    return Counter(told(p.url, c) for p in postings for c in ledger.take(p))


def test_the_press_tells_43_of_43_and_every_silent_outcome_is_as_expected() -> None:
    urls = {r["id"]: r["url"] for r in rows("press.gold.jsonl")}
    expected = rows("press.expected.jsonl")
    assert sum(r["alert"] for r in expected) == 43
    got, want = outcomes(press()), Counter(wanted(urls[r["article"]], r) for r in expected)
    assert sorted(got - want, key=repr) == []
    assert sorted(want - got, key=repr) == []


def test_the_seeds_tell_16_of_16_and_every_silent_outcome_is_as_expected() -> None:
    expected = rows("seeds.expected.jsonl")
    assert sum(r["alert"] for r in expected) == 16
    want = Counter(wanted(f"https://seeds.example/{r['article']}", r) for r in expected)
    got = outcomes(seeds())
    assert sorted(got - want, key=repr) == []
    assert sorted(want - got, key=repr) == []


@pytest.mark.parametrize("stream", [press, seeds])
def test_every_claim_is_covered_exactly_once(stream: Any) -> None:
    ledger = Ledger()
    for p in stream():
        covered = sorted(n for c in ledger.take(p) for n in c.claims)
        assert covered == list(range(len(p.claims)))
