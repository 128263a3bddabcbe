"""The clause that a sum stands in: its verb, that verb's subject, and who stands beside them.

A shallow analysis: finite verbs are the verbs of the lists and the auxiliaries, relative words and
semicolons open clauses. It says "subject", "agent", "to", not who pays: that depends on the verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.mentions import Group
from pipelines.claims.record import record
from pipelines.claims.scene import Scene

_WORDS = lexicon.words("grammar")["clause"]
#: Finite auxiliaries and modals.
AUXILIARIES = frozenset(_WORDS["auxiliaries"])
#: Words that open a clause of their own.
_OPENERS = frozenset(_WORDS["openers"])
_RELATIVE = frozenset(("qui", "que", "qu'", "dont", "où"))
_FINITE = frozenset(("pres", "fut", "cond", "impf", "past"))
#: How many tokens a verb with its auxiliaries and adverbs may take.
_CHUNK = 6


@record
class Clause:
    """The verb of a sum's clause. `side`: where it stands to the sum, L, R or "" for none."""

    side: str
    verb: int  # first token of the finite verb, -1 for none
    last: int  # token after the verb's last part
    cue: Cue | None  # the verb of money in it
    passive: bool
    subject: Group | None
    how: str  # of the subject: direct, who (antecedent of "qui"), shared (coordinated verbs)
    left: int  # bounds of the clause
    right: int

    @property
    def sort(self) -> str:
        """Class of the verb."""
        return self.cue.sort if self.cue is not None else ("other" if self.verb >= 0 else "none")


def find(scene: Scene, one: Sum) -> Clause:
    """The clause of `one`, a sum of the sentence: sought once, asked for by grammar and scorer."""
    found = scene.clauses.get(one.first)
    if found is None:
        found = scene.clauses[one.first] = _found(scene, one)
    return found


def _found(scene: Scene, one: Sum) -> Clause:
    finite = _finite(scene)
    sentence, low = scene.sentence, scene.low
    k = one.left - 1
    while k >= sentence.first and low[k] != ";":
        if k in finite:
            return _built(scene, finite, "L", k)
        if low[k] in _OPENERS:
            break
        k -= 1
    k = one.right
    while k < sentence.last and low[k] != ";":
        if k in finite:
            return _built(scene, finite, "R", k)
        k += 1
    return Clause("", -1, -1, None, False, None, "", sentence.first, sentence.last)


def standing(clause: Clause, group: Group) -> str:
    """What a group is in the clause."""
    if clause.verb < 0:
        return "none"
    if clause.subject is not None and group.first == clause.subject.first:
        return f"subject.{clause.how}"
    if group.first < clause.left or group.first >= clause.right:
        return "outside"
    if group.first >= clause.last:
        return f"after.{group.prep}"
    return f"before.{group.prep}"


def _finite(scene: Scene) -> dict[int, Cue | None]:
    """Tokens that hold a finite verb."""
    low, sentence = scene.low, scene.sentence
    out: dict[int, Cue | None] = {
        cue.first: cue for cue in scene.cues if cue.part == "v" and cue.mood in _FINITE
    }
    first, last = sentence.first, sentence.last
    for k in compress(range(first, last), map(AUXILIARIES.__contains__, low[first:last])):
        out.setdefault(k, None)
    return out


def _built(scene: Scene, finite: dict[int, Cue | None], side: str, verb: int) -> Clause:
    low, sentence = scene.low, scene.sentence
    cue, last, passive = finite[verb], verb + 1, False
    verbs = {c.first: c for c in scene.cues if c.part == "v"}
    for k in range(verb + 1, min(verb + _CHUNK, sentence.last)):
        other = verbs.get(k)
        if low[k] == "été" or (low[k] in _SEEN and low[verb - 1] == "s'"):
            passive, last = True, k + 1
        elif other is not None and other.mood in ("part", "inf") and other.sort != "measure":
            passive = passive or (low[verb] in _BEING and other.mood == "part")
            cue, last = other, other.last
            break
        elif low[k] in (",", ";", ".", "que", "qu'", "qui"):
            break
    subject, how = _subject(scene, finite, verb)
    right = next((k for k in range(last, sentence.last) if low[k] in _CLOSERS), sentence.last)
    left = subject.first if subject is not None else verb
    return Clause(side, verb, last, cue, passive, subject, how, left, right)


#: Who sees itself given something undergoes it, as after "a été": "s'est vu accorder".
_SEEN = frozenset(("vu", "vue", "vus", "vues"))
#: Between "et" and its verb: "et y met".
_CLITICS = frozenset("en y se s' lui leur".split())
_BEING = frozenset(_WORDS["being"])
#: Where the clause of a verb ends.
_CLOSERS = (_OPENERS | {";"}) - {"que", "qu'"}


def _joint(low: Sequence[str], verb: int, first: int) -> int:
    """Token of the "et" right before a verb, -1 for none. Who is named before it is no subject of
    that verb: "SSI refuse Meta et lève 2 milliards"."""
    k = verb - 1
    while k > first and low[k] in _CLITICS:
        k -= 1
    return k if k > first and low[k] == "et" else -1


def _subject(scene: Scene, finite: dict[int, Cue | None], verb: int) -> tuple[Group | None, str]:
    """The subject of a verb and how it was found."""
    low, first = scene.low, scene.sentence.first
    groups = {g.last: g for g in scene.parties()}
    k, how = verb, "direct"
    beside = groups.get(_joint(low, verb, first))
    if beside is not None:
        k, how = beside.first, "shared"
    while k > first:
        group = groups.get(k)
        if group is not None and (group.prep == "" or how == "who"):
            return group, how
        if group is not None:
            k = group.first
            continue
        k -= 1
        word = low[k]
        if word == ";":
            break
        if word == "qui" and how == "direct":
            how = "who"
        elif word in _OPENERS and word not in _RELATIVE:
            break
        elif k in finite:
            relative = _relative(low, finite, k, first)
            if relative is not None:  # "Amazon, qui détient déjà 15 %, a promis"
                k = relative
            else:
                how = "shared"
    return None, ""


def _relative(low: Sequence[str], finite: dict[int, Cue | None], k: int, first: int) -> int | None:
    """Where the relative clause of the verb at `k` begins; None where it has none."""
    j = k - 1
    while j > first and j not in finite:
        if low[j] in _RELATIVE:
            return j if low[j - 1] == "," else None
        if low[j] in (";", ","):
            return None
        j -= 1
    return None
