"""The press's memory: what several authors tell is evidence, never a claim of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.claims import deals, explain, find
from pipelines.claims.deals import Deal, Recalls
from tests import claims_deals
from tests.claims_training import corpus, watch
from tests.corpus import silver

MEMORY = deals.table(
    {
        Deal("investment", frozenset({"Microsoft"}), "OpenAI", 13_000): Recalls(9, 10),
        Deal("investment", frozenset({"Nvidia", "Microsoft"}), "Anthropic", 15_000): Recalls(1, 4),
        Deal("valuation", frozenset(), "OpenAI", 852_000): Recalls(1, 2),
    }
)


@pytest.mark.parametrize(
    ("top", "here", "near", "found"),
    [
        (13e9, {"Microsoft", "OpenAI"}, set(), "investment|here|here"),
        (13e9, {"Microsoft"}, {"OpenAI"}, "investment|near|here"),
        (13e9, {"OpenAI"}, set(), "investment|here|absent"),
        (852e9, {"OpenAI"}, set(), "valuation|here|none"),
        (852.2e9, {"OpenAI"}, set(), ""),  # another figure
        (852e9, {"Amazon"}, set(), ""),  # another company
    ],
)
def test_a_sum_is_remembered_with_a_party_of_its_deal(
    top: float, here: set[str], near: set[str], found: str
) -> None:
    with claims_deals.knowing(MEMORY):
        signs = set(deals.of_sum(top, frozenset(here), frozenset(near)))
    assert {s for s in signs if s.startswith("deal=") and "|" in s} == (
        {f"deal={found}"} if found else set()
    )


def test_payee_and_payers_are_remembered_with_kind_and_sum() -> None:
    with claims_deals.knowing(MEMORY):
        told = deals.of_payees("investment", ("OpenAI", "Microsoft"), 13e9)
        assert "dealpayee" in told["OpenAI"]
        assert "dealpayer" in told["Microsoft"]
        assert "dealpayee" not in deals.of_payees("debt", ("OpenAI",), 13e9)["OpenAI"]
        both, one, other = ("Nvidia", "Microsoft"), ("Nvidia",), ("Google",)
        given = deals.of_payers("investment", (both, one, other), "Anthropic", 15e9)
        assert "dealpayers|all" in given[both]
        assert "dealpayers|some" in given[one]
        assert "dealpayers|others" in given[other]


@pytest.mark.parametrize(
    ("kind", "payers", "payee", "top", "told"),
    [
        ("investment", ("Microsoft",), "OpenAI", 13e9, True),
        ("valuation", (), "OpenAI", 852e9, True),
        ("investment", ("Google",), "OpenAI", 13e9, False),
        ("investment", ("OpenAI",), "Microsoft", 13e9, False),
        ("round", (), "OpenAI", 852e9, False),
        ("investment", ("Microsoft",), "OpenAI", 17e9, False),
    ],
)
def test_a_claim_is_a_deal_that_the_press_tells_or_it_is_not(
    kind: str, payers: tuple[str, ...], payee: str, top: float, told: bool
) -> None:
    with claims_deals.knowing(MEMORY):
        assert ("known" in deals.of_claim(kind, payers, payee, top)) == told


def test_a_deal_of_which_texts_only_remind_is_told_from_one_that_they_are_about() -> None:
    with claims_deals.knowing(MEMORY):
        reminded = set(deals.of_claim("investment", ("Microsoft",), "OpenAI", 13e9))
        about = set(deals.of_claim("investment", ("Nvidia", "Microsoft"), "Anthropic", 15e9))
    assert "oldshare=5" in reminded
    assert "oldshare=2" in about


#: Firm sentences about sums and parties; {} is a sum that the table knows, or does not.
PLAIN = [
    ("Microsoft a investi {} milliards de dollars dans OpenAI.", 13, 17.3),
    ("OpenAI est désormais valorisée {} milliards de dollars.", 852, 911),
    ("Amazon va injecter {} milliards de dollars dans OpenAI, selon The Information.", 50, 47),
]


@pytest.mark.parametrize(("sentence", "known", "new"), PLAIN)
def test_a_figure_that_nobody_told_before_is_read_as_one_that_all_know(
    sentence: str, known: float, new: float
) -> None:
    def parties(sum_: float) -> list[tuple[str, tuple[str, ...], str]]:
        text = sentence.format(f"{sum_:g}".replace(".", ","))
        return [(c.kind, c.payers, c.payee) for c in find(text, watch())]

    assert parties(known)
    assert parties(new) == parties(known)


@pytest.mark.parametrize(
    ("text", "payers", "payee"),
    [
        (
            "SoftBank et Nvidia investissent ensemble 15 milliards dans Anthropic.",
            ("SoftBank", "Nvidia"),
            "Anthropic",
        ),
        ("Google va investir 13 milliards de dollars dans OpenAI.", ("Google",), "OpenAI"),
        ("Amazon a apporté 30 milliards de dollars à OpenAI.", ("Amazon",), "OpenAI"),
        ("Meta investit 5 milliards de dollars dans Anthropic.", ("Meta",), "Anthropic"),
        ("AMD place 1,3 milliard d'euros dans Mistral AI.", ("AMD",), "Mistral AI"),
    ],
)
def test_a_new_deal_may_have_the_sum_of_one_that_all_know(
    text: str, payers: tuple[str, ...], payee: str
) -> None:
    body = f"{text}\n\nLes groupes l'ont annoncé lundi dans un communiqué commun."
    (claim,) = find(body, watch(), title=text.rstrip("."))
    assert (claim.kind, claim.payers, claim.payee) == ("investment", payers, payee)
    assert claim.confidence > watch().least_confidence


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft, actionnaire d'OpenAI, a réalisé 13 milliards de dollars de bénéfice.",
        "Amazon, partenaire d'OpenAI, a vu fondre 50 milliards de dollars de capitalisation.",
        "OpenAI vise 852 milliards de dollars de recettes cumulées.",
        "Oracle, fournisseur d'OpenAI, pèse 300 milliards de dollars en Bourse.",
    ],
)
def test_a_figure_that_all_know_is_no_claim_where_it_counts_something_else(text: str) -> None:
    assert find(text, watch()) == ()


def test_explain_says_which_claim_the_press_has_told_before() -> None:
    text = "Microsoft a investi {} milliards de dollars dans OpenAI."
    for sum_, told in (("13", True), ("17,3", False)):
        article = text.format(sum_)
        shown = explain.marked(article, find(article, watch()), watch())
        assert ("the press has told it before" in shown) == told


def test_the_shipped_table_is_what_two_authors_of_the_corpus_tell() -> None:
    table = claims_deals.told(corpus(silver.batches()), watch())
    shared = claims_deals.of_others(table)
    shipped = deals.known()
    assert shipped.recalls == shared.recalls
    assert len(shipped.by_sum) > 200


def test_what_an_author_tells_alone_is_hidden_from_him_and_from_all() -> None:
    deal = Deal("round", frozenset(), "OpenAI", 6_600)
    told = {deal: {"a": Recalls(1, 1), "b": Recalls(0, 2)}}
    assert claims_deals.of_others(told).recalls == {deal: Recalls(1, 3)}
    assert not claims_deals.of_others(told, "a").by_sum
    assert not claims_deals.of_others({deal: {"a": Recalls(1, 1)}}).by_sum


def test_the_table_is_written_as_it_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = claims_deals.PATH.read_bytes()
    monkeypatch.setattr(claims_deals, "PATH", tmp_path / "deals.csv")
    claims_deals.write(claims_deals.told(corpus(silver.batches()), watch()))
    assert claims_deals.PATH.read_bytes() == shipped
