"""Every line of the word lists does its work in a sentence that is made for its list.

A line that its carrier does not recognise is dead (another list or a longer rule has it first, the
reader never looks for it) or shows a fault of the reader: here both came to light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from pipelines.claims import lexicon
from pipelines.records import Role
from tests.claims_carriers import OPENAI, entries
from tests.claims_carriers_cues import CUES
from tests.claims_carriers_digressions import DIGRESSIONS
from tests.claims_carriers_names import NAMES, unrecognised
from tests.claims_carriers_states import STATES
from tests.claims_carriers_sums import SUMS
from tests.claims_training import ROOT

CARRIERS = SUMS | CUES | NAMES | STATES | DIGRESSIONS
#: No list of words: what the corpus tells of deals has tests of its own.
FACTS = {"deals"}
FILES = sorted(
    path.stem
    for path in (ROOT / "pipelines" / "claims" / "words").glob("*.toml")
    if path.stem not in FACTS
)
#: Lists that are matched together: of a line that stands in two, one is never found.
TOGETHER = {
    "words of money": ("flow/nouns", "flow/phrases"),
    "verbs": ("flow/verbs",),
    "status": tuple(path for path in CARRIERS if path.endswith("/phrases") and "status" in path),
    "older": ("status/older/before",),
    "replaced": ("status/replaced/before",),
    "times": ("background/cues",),
    "before a sum": ("amounts/before",),
    "after a sum": ("amounts/after",),
    "descriptions": ("names/descriptions",),
    "nobody": ("nobody/places", "nobody/others"),
    "media": ("outlets/media",),
    "pointing back": ("outlets/again/lines",),
}
#: Lists in which the reader looks up one token at a time, or its beginning.
WORD_BY_WORD = (
    "amounts/collectives", "amounts/dollars", "amounts/listed", "amounts/mints",
    "amounts/months/words", "amounts/moves/words", "amounts/namesakes",
    "amounts/not_money/words", "amounts/numbers",
    "amounts/plain/words", "amounts/scales", "amounts/short_scales", "amounts/signs",
    "amounts/units", "destinations/determiners", "destinations/lands/words",
    "destinations/prepositions", "destinations/times/words", "digressions/definite/words",
    "digressions/elsewhere/words",
    "digressions/field/words", "digressions/impersonal/words", "digressions/moments/words",
    "digressions/openers/words", "digressions/pointing/words", "digressions/possessives/words",
    "digressions/pronouns/words", "digressions/denying/stems", "digressions/spoken_of/compound",
    "digressions/spoken_of/words", "digressions/taking_part/stems",
    "grammar/abstaining/but", "grammar/abstaining/declining", "grammar/abstaining/help",
    "grammar/abstaining/itself", "grammar/abstaining/nobody",
    "grammar/auxiliaries/words", "grammar/between/adverbial", "grammar/between/determiners",
    "grammar/between/heads", "grammar/between/nations", "grammar/clause/auxiliaries",
    "grammar/clause/being", "grammar/clause/openers", "grammar/compound", "grammar/distance",
    "grammar/holdings/words", "grammar/joints/words", "grammar/loan/stems", "grammar/many/words",
    "grammar/collectives/words", "grammar/former/stems", "grammar/founded/stems",
    "grammar/nominal/words",
    "grammar/peers/stems", "grammar/pledges/stems", "grammar/prepositions",
    "grammar/sellers/stems", "grammar/several/words", "grammar/staff/stems",
    "grammar/sureties/between", "grammar/sureties/lenders", "grammar/sureties/loans",
    "grammar/sureties/nouns", "grammar/sureties/verbs",
    "grammar/taking_part/declining", "grammar/taking_part/joining",
    "grammar/taking_part/lending", "names/common/words",
    "names/firsts/words", "names/heads/family", "names/heads/person", "names/joins/words",
    "names/marks/words", "names/nations", "names/never/words", "names/standing/officers",
    "names/standing/voices", "names/standing/writings", "names/trades", "outlets/news/words",
    "outlets/saying/words", "outlets/told/relayed", "outlets/told/words",
    "references/alone/nouns", "references/alone/words", "references/impersonal/after_being",
    "references/impersonal/verbs", "references/lenders/words", "references/ordinals",
    "references/personal",
    "references/plural/counts", "references/plural/nouns", "references/relations/words",
    "references/sorts/backer", "references/sorts/maker", "references/together/words",
    "references/trades/words", "status/exceptions/words", "status/pending/deals",
    "status/pending/stems", "status/planned/between", "status/planned/verbs",
    "negation/between/words", "negation/breaks/words", "negation/deeds/stems",
    "negation/denials/stems", "negation/halves/first", "negation/halves/second",
    "negation/helpers/words", "negation/mild/words", "negation/silences/stems",
    "negation/undoing/stems",
)  # fmt: skip

#: Lists of beginnings of words.
STEMS = ("/stems", "/lending", "/joining", "/declining")


def listed(path: str) -> Any:
    """The list at a path: "amounts/before"."""
    name, *keys = path.split("/")
    found: Any = lexicon.words(name)
    for key in keys:
        found = found[key]
    return found


def lines(path: str) -> list[tuple[str, Any]]:
    """Lines of a list with what it tells of each."""
    found = listed(path)
    return list(entries(found, path.split("/")[1] if isinstance(found, list) else None))


def uncarried(path: str, node: Any) -> Iterator[str]:
    """Lists at or below a path that no carrier tests."""
    if path in CARRIERS:
        return
    if isinstance(node, dict) and any(isinstance(value, list | dict) for value in node.values()):
        for key, value in node.items():
            yield from uncarried(f"{path}/{key}", value)
    else:
        yield path


@pytest.mark.parametrize("path", sorted(CARRIERS))
def test_every_line_of_a_list_does_its_work(path: str) -> None:
    assert [line for line, told in lines(path) if not CARRIERS[path](line, told)] == []


@pytest.mark.parametrize("role", get_args(Role))
def test_every_name_and_periphrase_of_a_company_of_the_watch_finds_it(role: Role) -> None:
    companies = [company for company in OPENAI.companies if company.role == role]
    assert [(one.name, lost) for one in companies if (lost := unrecognised(one))] == []


@pytest.mark.parametrize("name", FILES)
def test_every_list_has_a_carrier(name: str) -> None:
    assert list(uncarried(name, lexicon.words(name))) == []


@pytest.mark.parametrize("paths", TOGETHER.values(), ids=TOGETHER)
def test_no_line_stands_twice_among_lists_that_are_matched_together(paths: tuple[str, ...]) -> None:
    found = Counter(lexicon.cut(line) for path in paths for line, _ in lines(path))
    assert [" ".join(key) for key, times in found.items() if times > 1] == []


@pytest.mark.parametrize("path", WORD_BY_WORD)
def test_a_list_that_is_looked_up_word_by_word_holds_single_words_once(path: str) -> None:
    found = Counter(line for line, _ in lines(path))
    assert [line for line in found if found[line] > 1 or len(lexicon.cut(line)) > 1] == []


@pytest.mark.parametrize("path", [path for path in CARRIERS if path.endswith(STEMS)])
def test_no_stem_begins_with_another_that_finds_all_its_words(path: str) -> None:
    stems = [line for line, _ in lines(path)]
    assert [s for s in stems if any(s != other and s.startswith(other) for other in stems)] == []


@pytest.mark.parametrize(
    "line", ["plus d'", "sur le point d'", "sur la base d'", "se contenter d'", "lorsqu'"]
)
def test_an_elided_line_is_cut_as_it_stands_before_a_vowel(line: str) -> None:
    assert lexicon.cut(line) == lexicon.cut(f"{line}un")[:-1]
