"""How sure a claim is, and how far the deal has come.

French marks hearsay by the conditional; talks, plans and denials have their verbs. The words that
count are those between the neighbouring sums; the sentence's opening counts for all its sums.
"""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit, Phrases
from pipelines.claims.record import record
from pipelines.claims.scene import Scene
from pipelines.records import Certainty, Stage

_CONDITIONAL = (
    "erait",
    "eraient",
    "irait",
    "iraient",
    "drait",
    "draient",
    "vrait",
    "vraient",
    "urait",
    "rrait",
    "rraient",
    "uraient",
    "trait",
    "traient",
    "crait",
    "prait",
)
#: First half of a negation.
NEGATORS = frozenset(("ne", "n'", "n’"))
#: What opens a condition; the elided form before "il" and "ils".
_IFS = frozenset(("si", "s'"))
#: What ends a clause.
_BREAKS = frozenset((",", ";", ":", ".", "(", ")", "–", "—", "que", "qu'"))
#: Behind these "si" asks, concedes or compares.
_ASKED = frozenset(
    "même comme savoir sait savent ignore ignorent dit dira demande demandent".split()
)
#: What has come about hangs on nothing: "si elle a bouclé un tour en mars".
_DONE = frozenset("a ont avait avaient".split())
#: How far before a sum, in tokens, the words stand that hold it against another.
_BACK = 6
#: How far from "si", in tokens, the verb of its clause stands.
_CLAUSE = 10
#: How far from "ne", in tokens, the second half of the negation stands.
_REACH = 6


@record
class Status:
    """Certainty and stage, and whether a source that nobody names carries them."""

    certainty: Certainty
    stage: Stage
    conditional: bool
    anonymous: bool
    pending: bool = False  # it hangs on a deal that may still come about


class _Tables:
    def __init__(self) -> None:
        table = lexicon.words("status")
        entries: list[tuple[tuple[str, ...], str]] = []
        for sort in (
            "denied",
            "talks",
            "considered",
            "anonymous",
            "announced",
            "completed",
            "hypothesis",
        ):
            entries.extend((lexicon.cut(line), sort) for line in table[sort]["phrases"])
        self.phrases: Phrases[str] = Phrases(entries)
        self.older = Phrases((lexicon.cut(line), True) for line in table["older"]["before"])
        self.deeds = tuple(table["negated"]["stems"])
        self.closing = frozenset(table["negated"]["closing"])
        pending = table["pending"]
        self.pending = frozenset(pending["deals"])
        self.ends = tuple(pending["stems"])
        self.exceptions = frozenset(table["exceptions"]["words"])


@cache
def _tables() -> _Tables:
    return _Tables()


def is_conditional(word: str) -> bool:
    """Whether a word is a verb in the conditional, by its ending."""
    return word.endswith(_CONDITIONAL) and len(word) > 4 and word not in _tables().exceptions


def signs(scene: Scene) -> list[Hit[str]]:
    """Status phrases and conditionals of a sentence."""
    sentence = scene.sentence
    hits = _tables().phrases.all(scene.low, sentence.first, sentence.last)
    span = enumerate(scene.low[sentence.first : sentence.last], sentence.first)
    ending = [i for i, word in span if word[-1] == "t"]  # as all conditionals do
    hits += [Hit(i, i + 1, "conditional") for i in ending if is_conditional(scene.low[i])]
    hits.extend(_negations(scene, hits))
    hits.extend(_pending(scene))
    hits.sort(key=lambda h: h.first)
    return hits


def _negations(scene: Scene, hits: list[Hit[str]]) -> list[Hit[str]]:
    """Negated verbs of paying and planning: "n'en apportera rien", "n'a ni promis ni envisagé"."""
    low, last = scene.low, scene.sentence.last
    if NEGATORS.isdisjoint(low[scene.sentence.first : last]):
        return []
    taken = {k for h in hits for k in range(h.first, h.last) if h.value == "denied"}
    out: list[Hit[str]] = []
    for k in range(scene.sentence.first, last):
        if low[k] not in NEGATORS or k in taken:
            continue
        stop = min(k + _REACH, last)
        closing = next((j for j in range(k + 1, stop) if low[j] in _tables().closing), None)
        if closing is None or low[closing + 1 : closing + 2] == ["encore"]:
            continue
        end = min(closing + 3, last)
        if any(w.startswith(_tables().deeds) for w in low[k + 1 : end] if len(w) > 2):
            out.append(Hit(k, closing + 1, "denied"))
    return out


def _pending(scene: Scene) -> list[Hit[str]]:
    """Clauses that make a sum hang on a deal which may still come about: "si le tour aboutit"."""
    low, first, last, tables = scene.low, scene.sentence.first, scene.sentence.last, _tables()
    out: list[Hit[str]] = []
    for k in range(first, last - 1):
        if low[k] not in _IFS or (low[k] != "si" and low[k + 1] not in ("il", "ils")):
            continue
        if "on" in low[k + 1 : k + 3] or (k > first and low[k - 1] in _ASKED):
            continue  # "si l'on en croit", "même si" leave it as it is
        breaks = (j for j in range(k + 1, last) if low[j] in _BREAKS)
        stop = min(next(breaks, last), k + _CLAUSE)
        about = next((j for j in range(k + 1, stop) if low[j] in tables.pending), stop)
        end = next((j for j in range(about + 1, stop) if low[j].startswith(tables.ends)), None)
        if end is None or not _DONE.isdisjoint(low[about + 1 : end]):
            continue
        if not low[end].startswith("fait") or low[end - 1] in ("se", "s'"):
            out.append(Hit(k, end + 1, "pending"))
    return out


def judge(draft: Draft, hits: list[Hit[str]]) -> Status:
    """Status of one draft by the grammar alone."""
    scene, one = draft.scene, draft.one
    left, right = scene.edges(one)
    if draft.cue is not None and draft.cue.first < left and draft.cue.first >= scene.sentence.first:
        left = min(left, scene.sentence.first)
    inner = [h for h in hits if left <= h.first < right]
    opening = [h for h in hits if h.first < left]
    sorts = [h.value for h in inner]
    early = [h.value for h in opening]
    anonymous = "anonymous" in sorts or "anonymous" in early
    conditional = not contrasted(draft) and (
        "conditional" in sorts or ("conditional" in early and not _indicative(inner))
    )
    if "denied" in sorts:
        return Status("denied", "denied", conditional, anonymous)
    if "pending" in sorts:
        return Status("rumoured", "considered", conditional, anonymous, pending=True)
    if conditional:
        return Status("rumoured", _rumoured_stage(sorts or early, hits), True, anonymous)
    soft = "talks" in sorts or "considered" in sorts
    firm = "announced" in sorts or "completed" in sorts
    if soft and not firm:
        stage: Stage = "talks" if "talks" in sorts else "considered"
        return Status("rumoured", stage, False, anonymous)
    if anonymous and not firm:
        return Status("rumoured", "talks", False, True)
    if soft and firm:
        nearest = min(
            (h for h in inner if h.value in ("talks", "considered", "announced", "completed")),
            key=lambda h: abs(h.first - one.first),
        )
        if nearest.value in ("talks", "considered"):
            return Status(
                "rumoured", "talks" if nearest.value == "talks" else "considered", False, anonymous
            )
    if not firm and ("talks" in early or "considered" in early) and draft.how == "inherited":
        return Status("rumoured", "talks", False, anonymous)
    stage = "completed" if _completed(draft, inner) else "announced"
    if anonymous:
        return Status("rumoured", stage, False, True)
    return Status("confirmed", stage, False, anonymous)


def contrasted(draft: Draft) -> bool:
    """Whether the sum is the older one that a newer is held against: "contre X en mars"."""
    scene, first = draft.scene, draft.one.left
    start = max(scene.sentence.first, first - _BACK)
    if "contre" in scene.low[max(start, first - 3) : first]:
        return True
    return bool(_tables().older.all(scene.low, start, first))


def _indicative(inner: list[Hit[str]]) -> bool:
    return any(h.value in ("announced", "completed") for h in inner)


def _rumoured_stage(sorts: list[str], hits: list[Hit[str]]) -> Stage:
    if "talks" in sorts:
        return "talks"
    if "completed" in sorts and "considered" not in sorts:
        return "completed"
    if "considered" in sorts:
        return "considered"
    return "talks" if any(h.value == "talks" for h in hits) else "considered"


def _completed(draft: Draft, inner: list[Hit[str]]) -> bool:
    cue = draft.cue
    if any(h.value == "completed" for h in inner):
        return True
    if cue is not None and cue.part == "v" and cue.sort in ("raise", "value", "worth"):
        return cue.mood in ("part", "past", "pres", "impf")
    return draft.kind in ("valuation",) and not any(h.value == "announced" for h in inner)
