"""How sure a claim is, and how far the deal has come.

French marks hearsay by the conditional; talks, plans and denials have their verbs. The words that
count are those between the neighbouring sums; the sentence's opening counts for all its sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter

from pipelines.claims import amounts, conditions, denials, lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit, Phrases
from pipelines.claims.mentions import Mention
from pipelines.claims.negation import NE, Negation, governs
from pipelines.claims.record import record
from pipelines.claims.scene import Scene
from pipelines.records import Certainty, Stage

_CONDITIONAL = tuple(
    "erait eraient irait iraient drait draient vrait vraient urait uraient rrait rraient"
    " trait traient crait prait".split()
)
#: How far before a sum, in tokens, the words stand that hold it against another.
_BACK = 6
#: How many tokens behind a sum the last word may stand that makes it the older one.
_ONCE = 5


@record
class Status:
    """Certainty and stage, and whether a source that nobody names carries them."""

    certainty: Certainty
    stage: Stage
    conditional: bool
    anonymous: bool
    pending: bool = False  # it hangs on a deal that may still come about, or is asked


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
        self.replaced = Phrases((lexicon.cut(line), True) for line in table["replaced"]["before"])
        self.replacing = frozenset(lexicon.cut(line)[-1] for line in table["replaced"]["before"])
        self.once = Phrases((lexicon.cut(line), True) for line in table["older"]["behind"])
        self.holding, self.formerly = self.older.openers | {"contre"}, self.once.openers
        self.planned = frozenset(table["planned"]["verbs"])
        self.between = frozenset(table["planned"]["between"])
        self.exceptions = frozenset(table["exceptions"]["words"])


@cache
def _tables() -> _Tables:
    return _Tables()


def is_conditional(word: str) -> bool:
    """Whether a word is a verb in the conditional, by its ending."""
    return word.endswith(_CONDITIONAL) and len(word) > 4 and word not in _tables().exceptions


def signs(scene: Scene, negations: Sequence[Negation]) -> list[Hit[str]]:
    """Status phrases and conditionals of a sentence, and what its negations make of them."""
    sentence = scene.sentence
    hits = _tables().phrases.all(scene.low, sentence.first, sentence.last)
    hits = [denials.spoken(scene, h) for h in hits]
    hits = denials.kept_up(scene, hits)
    for i, word in enumerate(scene.low[sentence.first : sentence.last], sentence.first):
        if word[-1] == "t" and is_conditional(word):  # the letter is asked first: few end so
            hits.append(Hit(i, i + 1, "conditional"))
    if negations:
        hits = list(denials.weighed(scene, hits, negations))
    if scene.low[sentence.first] == "pas":
        hits.extend(_none(scene))
    if scene.cues:
        hits.extend(_planned(scene))
        hits.extend(conditions.doubts(scene))
    hits.extend(conditions.asked(scene))
    said = scene.low[sentence.first : sentence.last]
    if not NE.isdisjoint(said):
        hits.extend(conditions.unsettled(scene))
        hits.extend(conditions.none_meant(scene))
    if not conditions.IFS.isdisjoint(said):
        hits.extend(conditions.signs(scene))
    hits.sort(key=itemgetter(0))  # by their place
    return hits


#: How many tokens "levée de" has.
_NOUN_OF = 2


def _none(scene: Scene) -> Iterator[Hit[str]]:
    """ "Pas de 30 milliards", "Pas de levée de 5 milliards": denied without a verb, where it is the
    only sum of its sentence; not "Pas de dette pour OpenAI, qui lève 5 milliards"."""
    low, first = scene.low, scene.sentence.first
    if len(scene.sums) != 1 or low[first + 1] not in ("de", "d'"):
        return
    gap = low[first + 2 : scene.sums[0].left]
    if not gap or (len(gap) == _NOUN_OF and gap[1] in ("de", "d'")):
        yield Hit(first, first + 2, "denied")


def _planned(scene: Scene) -> Iterator[Hit[str]]:
    """What somebody means to do ("compte investir", "est prêt à y mettre"), or nearly did."""
    low, tables = scene.low, _tables()
    for cue in scene.cues:
        if cue.mood != "inf":
            continue
        k = cue.first - 1
        while k > scene.sentence.first and low[k] in tables.between:
            k -= 1
        if k >= scene.sentence.first and low[k] in tables.planned:
            yield Hit(k, cue.first, "planned")
        elif cue.sort in conditions.MOVING and _fell_short(low, k, cue):
            yield Hit(k, cue.first, "denied")


#: Who could or should have done something did not.
_COULD, _WOULD_HAVE = frozenset(("pu", "dû")), frozenset(("aurait", "auraient"))
#: How far behind a verb its limit stands.
_LIMIT = 3


def _fell_short(low: Sequence[str], k: int, cue: Cue) -> bool:
    """Whether token `k` says that what follows did not happen: "a failli investir", "aurait pu
    investir", but not "aurait pu investir jusqu'à 2 milliards", which tells how much was open."""
    if low[k] == "failli":
        return True
    could = low[k] in _COULD and low[k - 1] in _WOULD_HAVE
    return could and "jusqu'" not in low[cue.last : cue.last + _LIMIT]


def judge(draft: Draft, hits: list[Hit[str]]) -> Status:
    """Status of one draft by the grammar alone."""
    scene, one = draft.scene, draft.one
    left, right = scene.edges(one)
    if draft.cue is not None and draft.cue.first < left and draft.cue.first >= scene.sentence.first:
        left = min(left, scene.sentence.first)
    inner = [h for h in hits if left <= h.first < right and not apart(draft, h)]
    opening = [h for h in hits if h.first < left]
    sorts = [h.value for h in inner]
    early = [h.value for h in opening]
    anonymous = "anonymous" in sorts or "anonymous" in early
    said = "conditional" in sorts or ("conditional" in early and not _indicative(inner))
    conditional = said and not contrasted(draft)
    if "denied" in sorts:
        return Status("denied", "denied", conditional, anonymous)
    unsettled = any(_speaks_of(scene, one, h) for h in inner if h.value in _UNSETTLED)
    if "pending" in sorts or unsettled or conditions.bargained(scene, one):
        return Status("rumoured", "considered", conditional, anonymous, pending=True)
    if _still_to_come(draft, inner):
        meant = _rumoured_stage(sorts, hits)
        return Status("rumoured", meant, conditional, anonymous, pending=True)
    if conditional:
        return Status("rumoured", _rumoured_stage(sorts or early, hits), True, anonymous)
    if draft.cue is not None and any(
        h.value == "planned" for h in inner if h.last == draft.cue.first
    ):
        return Status("rumoured", "considered", False, anonymous)
    open_before = any(h.value == "open" and h.first < one.first for h in inner)
    if "asked" in sorts or open_before:
        return Status("rumoured", "considered", conditional, anonymous, pending=True)
    soft = "talks" in sorts or "considered" in sorts or "planned" in sorts
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


#: Beginnings of participles that open a sentence with what somebody was asked about.
_ASKED_ABOUT = ("interrogé", "questionné", "sollicité", "relancé")
_UNSETTLED = ("unsettled", "unsaid")
_ENDS = frozenset(", ; : ( ) – mais qui dont".split())


def _speaks_of(scene: Scene, one: Sum, hit: Hit[str]) -> bool:
    """Whether what is not made yet is the deal of a sum: all of a sentence hangs on "rien n'est
    signé", on "n'est pas signé" what it governs."""
    if hit.value == "unsaid":  # "refuse de commenter une levée de 2 milliards"
        if hit.first >= one.right:
            return scene.low[scene.sentence.first].startswith(_ASKED_ABOUT)
        return _ENDS.isdisjoint(scene.low[hit.last : one.left])
    if scene.low[hit.first] in NE:
        return governs(scene, one, Negation(hit.first, hit.last, hit.first, "other"))
    return ";" not in scene.low[min(hit.last, one.right) : max(hit.first, one.left)]


#: How far behind a sum the relative clause that says what becomes of it may begin.
_WHOSE = 8


def _still_to_come(draft: Draft, inner: list[Hit[str]]) -> bool:
    """Whether a relative clause says that a sum is meant or told to be paid: "les 50 milliards
    qu'Amazon pourrait investir", "c'est ce que Nvidia compte mettre"."""
    cue, one, low = draft.cue, draft.one, draft.scene.low
    if cue is None or cue.part != "v" or cue.first < one.right:
        return False
    near = range(one.right, min(one.right + _WHOSE, cue.first))
    que = next((k for k in near if low[k] in ("que", "qu'")), None)
    return que is not None and any(
        que < h.first <= cue.first and h.value in ("conditional", "planned") for h in inner
    )


#: What parts one company's clause from another's.
_CONTRASTS = frozenset("mais ; tandis alors quand quant auquel auxquels laquelle lequel".split())


#: What opens a clause that comes before the main one.
_ASIDE = frozenset("alors tandis quand lorsque lorsqu' si s' pendant".split())
_ASIDE_PAIRS = (["bien", "que"], ["bien", "qu'"], ["après", "que"], ["après", "qu'"])


def apart(draft: Draft, hit: Hit[str]) -> bool:
    """Whether a denial is another company's: "Nvidia investit 2 milliards, mais AMD a renoncé"; an
    investor that stays out does not deny the round."""
    if hit.value != "denied":
        return False
    scene, one, own = draft.scene, draft.one, {*draft.payers, draft.payee}
    low, first, last = scene.low, scene.sentence.first, hit.first
    if _instead(scene, one, hit) or _told_beside(scene, one, hit):
        return True
    if draft.kind == "round" and any(w.startswith("particip") for w in low[hit.first : hit.last]):
        own = {draft.payee}
    elif hit.first >= one.right:
        breaks = [k for k in range(one.right, hit.first) if low[k] in _CONTRASTS]
        first = breaks[-1] if breaks else last
    elif end := _aside(low, first, hit.last, one.left):
        names = {n for g in scene.parties() if g.last <= end for n in g.names}
        return bool(names) and own.isdisjoint(names)
    elif _CONTRASTS.isdisjoint(low[hit.last : one.left]):
        first = last
    subject: Mention | None = None
    for group in scene.parties():
        for mention in group.mentions:
            led = group.prep and (first == scene.sentence.first or mention is group.mentions[0])
            if first <= mention.first < last and not led:
                subject = mention
    return subject is not None and subject.kind != "person" and subject.name not in own


_SAYING_YES = ("confirm", "assur", "annonc", "promet", "maintien", "affirm")
#: How far before a sum, in tokens, the "mais" may stand that holds it against another.
_BUT = 3


def _instead(scene: Scene, one: Sum, hit: Hit[str]) -> bool:
    """Whether a denial is that of the figure before: "n'investira pas 50 mais 15 milliards"."""
    before = scene.beside[one.first][0]
    if before is None or not hit.last <= before.left:
        return False
    return "mais" in scene.low[max(before.right, one.left - _BUT) : one.left]


def _told_beside(scene: Scene, one: Sum, hit: Hit[str]) -> bool:
    """Whether a denial is over before what somebody confirms: "dément tout différend et confirme
    que Nvidia investira 30 milliards"."""
    low = scene.low
    if hit.last > one.left or not low[hit.last - 1].startswith(denials.DENYING):
        return False
    return any(
        low[k] == "et" and low[k + 1].startswith(_SAYING_YES) for k in range(hit.last, one.left - 1)
    )


def _aside(low: Sequence[str], first: int, at: int, sum_: int) -> int:
    """Where the clause of token `at` ends if it opens the sentence and is over before the sum, else
    0: "alors que Meta a renoncé, Nvidia investit 2 milliards"."""
    if low[first] not in _ASIDE and low[first : first + 2] not in _ASIDE_PAIRS:
        return 0
    return next((k for k in range(at, sum_) if low[k] == ","), 0)


def contrasted(draft: Draft) -> bool:
    """Whether the sum is the older one that a newer is held against: "contre X en mars", "passe de
    X à Y", "X jusqu'ici"; sought once, asked for certainty and for background."""
    older = draft.scene.older
    found = older.get(draft.one.first)
    if found is None:
        found = older[draft.one.first] = _contrasted(draft)
    return found


def _contrasted(draft: Draft) -> bool:
    scene, first, last = draft.scene, draft.one.left, draft.one.right
    tables, low = _tables(), scene.low
    start = max(scene.sentence.first, first - _BACK)
    before, behind = low[start:first], low[last : last + _ONCE]
    if not tables.holding.isdisjoint(before) and (
        "contre" in before[-3:] or tables.older.any(low, start, first)
    ):
        return True
    if not tables.formerly.isdisjoint(behind):
        stop = min(last + _ONCE, scene.edges(draft.one)[1])
        if tables.once.any(low, last, stop):
            return True
    return left_behind(draft)


def left_behind(draft: Draft) -> bool:
    """Whether the figure moves away from the sum: "porte de X à Y", "Y au lieu de X"."""
    scene, one, tables = draft.scene, draft.one, _tables()
    low, after, first = scene.low, scene.beside[one.first][1], scene.sentence.first
    before = low[one.left - 1] if one.left > first else ""
    if before in tables.replacing and tables.replaced.before(
        low, one.left, max(first, one.left - _BACK)
    ):
        return True
    if after is None or before != "de" or low[one.right : after.left] != ["à"]:
        return False
    return amounts.moves(scene.reading, scene.sentence, one.left - 1)


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
