"""The press and the seeds as one stream: each alert says its rule, its claim, and what was before.

What was read line by line is kept as what a reader follows from one line to the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.conftest import Ran
from tests.here import veille as veille  # a fixture
from tests.test_alert_press import MANIFEST
from tests.test_alert_seeds import imported, rows
from tests.test_rules_docs import EXPLAINED

Veille = Callable[..., Ran]

#: The page of rules has an entry for the rule's table or number, and for each amendment in it.
RULE = re.compile(r"^([A-C](?=:)|A\d+|\d+(?:\.\d+[a-z]?)?)\b")
#: The 43 alerts of the press and the 16 of the seeds, less twelve of the press: the seeds, which
#: speak of the same weeks, had told them before.
TOLD = 47


@pytest.fixture
def merged(veille: Veille) -> Veille:
    """Everything in one import, which posts by date."""
    lines = [*MANIFEST, *map(imported, rows("seeds.gold.jsonl"))]
    stream = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert veille("import", "--claims", "-", stdin=stream).code == 0
    return veille


def test_each_alert_is_explained_by_a_rule_a_claim_and_what_stood_before(merged: Veille) -> None:
    alerts = merged("changes", "--json").lines
    assert len(alerts) == TOLD
    for alert in alerts:
        (told,) = merged("explain", str(alert["id"]), "--json").lines
        change, prior, place = told["change"], told["prior"], alert["url"]
        found = RULE.match(change["rule"])
        assert found, change["rule"]
        assert found[1] in EXPLAINED, change["rule"]
        assert [claim["position"] for claim in told["claims"]] == change["claims"] != [], place
        after = change["after"]
        figures = [after["amount"], *(side["amount"] for side in after.get("contested", ()))]
        said = [[claim["low"], claim["high"]] for claim in told["claims"]]
        assert any(figure in said for figure in figures), place
        assert (prior is None) == (change["before"] is None), place
        if prior:
            assert prior["deal"] == change["deal"], place
            assert prior["after"]["amount"] == change["before"]["amount"], place
            assert prior["published"] < change["published"], place


def test_an_explanation_prints_the_move_and_the_words_of_both_figures(merged: Veille) -> None:
    (alert,) = (
        line
        for line in merged("changes", "--json").lines
        if line["change"] == "confirmed"
        and line["payers"] == ["SoftBank"]
        and line["payee"]
        and line["after"]["amount"] == [None, 40_000_000_000]
    )
    printed = merged("explain", str(alert["id"])).out.replace("\u00a0", " ").replace("\u202f", " ")
    assert "SoftBank → OpenAI, investissement : 40 Md$ (en discussion) → jusqu’à 40 Md$" in printed
    assert "the figure before: change 5 of 2025-02-07, pucesetdonnees.example" in printed
    assert printed.count("«") >= 2


def test_no_line_tells_again_what_the_line_before_it_told(merged: Veille) -> None:
    last: dict[str, object] = {}
    for alert in merged("changes", "--json").lines:
        news = (alert["change"], alert["after"], alert["payers"])
        assert last.get(alert["deal"]) != news, alert["id"]
        last[alert["deal"]] = news
