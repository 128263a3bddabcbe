"""Words that say how money flows, found once a sentence: verbs with their mood, nouns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import compress

from pipelines.claims import conjugation, lexicon
from pipelines.claims.conjugation import Mood
from pipelines.claims.lexicon import Phrases
from pipelines.claims.record import record
from pipelines.claims.tokens import Reading, Sentence

#: Before these a form that is noun and verb ("levée", "mise") is a noun.
_NOMINAL = frozenset(lexicon.words("grammar")["nominal"]["words"])


@record
class Cue:
    """One cue: `part` is "v" or "n", `sort` the class in words/flow.toml."""

    first: int
    last: int
    part: str
    sort: str
    lemma: str
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class _Tables:
    verbs: dict[str, tuple[str, str, Mood]]
    phrases: Phrases[tuple[str, str]]
    openers: frozenset[str]  # tokens with which a cue may begin


@cache
def _tables() -> _Tables:
    table = lexicon.words("flow")
    verbs: dict[str, tuple[str, str, Mood]] = {}
    for sort, lemmas in table["verbs"].items():
        for lemma in lemmas:
            given = table["irregular"].get(lemma)
            forms = conjugation.listed(given) if given else {}
            if given is None:
                forms = conjugation.forms(lemma)
            for form, mood in forms.items():
                verbs.setdefault(form, (sort, lemma, mood))
    entries: list[tuple[tuple[str, ...], tuple[str, str]]] = []
    for sort, lines in table["nouns"].items():
        entries.extend((lexicon.cut(line), ("n", sort)) for line in lines)
    for sort, lines in table["phrases"].items():
        entries.extend((lexicon.cut(line), ("v", sort)) for line in lines)
    found = Phrases(entries)
    return _Tables(verbs, found, found.openers.union(verbs))


def verbs() -> dict[str, tuple[str, str, Mood]]:
    """Form → class, lemma, mood of every verb of the lists."""
    return _tables().verbs


def find(reading: Reading, sentence: Sentence) -> list[Cue]:
    """Cues of one sentence, in order."""
    tables, low = _tables(), reading.low
    out: list[Cue] = []
    free = first = sentence.first
    opens = map(tables.openers.__contains__, low[first : sentence.last])
    for i in compress(range(first, sentence.last), opens):
        if i < free:
            continue
        cue = None
        hit = tables.phrases.at(low, i, sentence.last)
        verb = tables.verbs.get(low[i])
        if hit is not None and (
            verb is None or hit.last - hit.first > 1 or _is_noun(reading, sentence, i)
        ):
            part, sort = hit.value
            cue = Cue(hit.first, hit.last, part, sort, " ".join(low[hit.first : hit.last]))
        elif verb is not None:
            sort, lemma, mood = verb
            cue = Cue(i, i + 1, "v", sort, lemma, mood)
        if cue is not None:
            out.append(cue)
            free = cue.last
    return out


def _is_noun(reading: Reading, sentence: Sentence, i: int) -> bool:
    if i == sentence.first:
        return True
    before = reading.low[i - 1]
    return (
        before in _NOMINAL
        or before in ("•", ":", "|", "(", "-", ",")
        or before.endswith(("ième", "velle"))
    )
