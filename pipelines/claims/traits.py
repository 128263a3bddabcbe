"""Features of how sure a claim is and whether it is old news."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.claims import deals, scorer, status, surroundings
from pipelines.claims.drafts import Draft
from pipelines.claims.features import step
from pipelines.claims.lexicon import Hit
from pipelines.claims.negation import governs
from pipelines.claims.status import Status
from pipelines.claims.surroundings import MONTHS, YEARS, Text, Told, negated

#: What was to come and, in a negated sentence, does not.
_DUE = frozenset("devait devaient prévu prévus prévue prévues attendu attendus attendue".split())
_DUE |= frozenset("espéré espérés espérée promis promise annoncés annoncé évoqués évoqué".split())
_SOURCE = frozenset("source sources rumeur rumeurs bruit proche proches entourage".split())
_PAST = frozenset("avait avaient était étaient a ont est sont vient viennent".split())
_AUXILIARIES = _PAST | {"va", "vont", "doit", "doivent", "pourrait", "devrait"}


def status_features(
    draft: Draft, text: Text, hits: Sequence[Hit[str]], before: str, plain: str
) -> list[str]:
    """`before`: status of the claim before in the text; `plain`: the grammar's own answer."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    left, right = scene.edges(one)
    first, last = scene.sentence.first, scene.sentence.last
    out = [
        f"k={draft.kind}",
        f"plain={plain}|{draft.kind}",
        f"before={before}|{(draft.how == 'inherited')!s}",
    ]
    for hit in hits:
        word = " ".join(low[hit.first : hit.last])
        if status.apart(draft, hit):
            out.append(f"apart={hit.value}")
        elif left <= hit.first < right:
            side = "L" if hit.first < one.first else "R"
            out += [
                f"h{side}={hit.value}",
                f"hw={word}",
                f"h={hit.value}|{step(abs(hit.first - one.first))}",
            ]
        else:
            out.append(f"{'e' if hit.first < left else 'x'}={hit.value}")
    negations = text.negations[scene.index]
    no = negated(negations)
    out += [
        f"due={(not _DUE.isdisjoint(low[left:right]))!s}|{no!s}",
        f"src={(not _SOURCE.isdisjoint(low[first:last]))!s}",
    ]
    out += [f"no={negation.sort}|{governs(scene, one, negation)!s}" for negation in negations]
    if draft.cue is not None:
        cue = draft.cue
        out.append(f"cue={cue.sort}|{cue.mood!s}")
        back = low[max(first, cue.first - 5) : cue.first]
        out += [f"aux={w}|{cue.mood!s}" for w in back if w in _AUXILIARIES]
    out += [f"wl={w}" for w in surroundings.plain(scene, max(left, one.left - 8), one.left)]
    out += [f"wr={w}" for w in surroundings.plain(scene, one.right, min(right, one.right + 7))]
    out += [f"contre={status.contrasted(draft)!s}", f"end={low[last - 1]}"]
    out += _moods(draft, text, left, right)
    out += _elsewhere(draft, text)
    return out


def _moods(draft: Draft, text: Text, left: int, right: int) -> set[str]:
    """Tenses of the verbs of a sentence and where they stand."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    first, last = scene.sentence.first, scene.sentence.last
    out: set[str] = set()
    soft = False
    for k, tense, report in text.verbs[scene.index]:
        side = (
            "early" if k < left else "left" if k < one.first else "right" if k < right else "late"
        )
        out.add(f"verb={tense}|{side}")
        if tense == "cond":
            soft = True
            out.add(f"report={report!s}|{side}")
    whole = low[first:last]
    selon = "selon" in whole or (
        "après" in whole
        and any(low[k] == "après" and low[k - 1] in ("d'", "d’") for k in range(first, last))
    )
    out.add(f"selon={selon!s}|{soft!s}")
    return out


def _elsewhere(draft: Draft, text: Text) -> set[str]:
    """What is said of the same figure in other places, and of the same parties."""
    index, first = draft.scene.index, draft.one.first
    out: set[str] = set()
    for k, token, near in text.figures.get(draft.one.top, ()):
        if (k, token) != (index, first):
            out |= {f"figure={value}" for value in near}
            out |= {f"figure={value}|{(k < index)!s}" for value in near}
    if not draft.payers:
        return out
    giver = draft.payers[0]
    start = max(0, index - _NEARBY)
    for k, hard in enumerate(text.doubts[start : index + _NEARBY + 1], start):
        if k == index or not hard:
            continue
        other = text.steps[k]
        names = {n for group in other.scene.parties() for n in group.names}
        if giver not in names:
            continue
        if draft.payee in names:
            out |= {f"both={value}" for value in hard}
        if "denied" in hard:
            out.add(f"giver={(k - index == 1)!s}")
            if not other.scene.sums and abs(k - index) <= _ANSWER:
                out.add("answer")
    return out


#: How many sentences away a denial without a figure may answer a claim.
_ANSWER = 2
#: How many sentences away what is said of the same parties tells of a claim.
_NEARBY = 8


def staged(draft: Draft, text: Text, stage: str, plain: bool) -> list[str]:
    """What hangs on certainty and stage in whether a claim is old."""
    late = round(4 * text.places[draft.scene.index] / max(text.places[-1], 1))
    return [f"stage={stage}", f"plain={plain!s}|{stage}", f"late={late}|{stage}"]


def background_features(draft: Draft, text: Text, plain: bool, told: Told) -> list[str]:
    """`plain`: the grammar's own answer; `told`: the claims before."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    left, right = scene.edges(one)
    first, last = scene.sentence.first, scene.sentence.last
    out = [f"contre={status.contrasted(draft)!s}", *_focus(draft, text)]
    out.append(f"at={'head' if scene.index == 0 else min(text.places[scene.index], 8)}")
    for hit in text.times[scene.index]:
        word = " ".join(low[hit.first : hit.last])
        inside = left <= hit.first < right
        out.append(f"bw={word}|{inside!s}")
        if inside:
            out.append(f"b={hit.value}")
    if draft.cue is not None:
        back = low[max(first, draft.cue.first - 4) : draft.cue.first]
        out += [f"aux={w}|{draft.cue.mood!s}" for w in back if w in _PAST]
    whole = low[first:last]
    out += [
        f"month={(not MONTHS.isdisjoint(whole))!s}",
        f"year={(not YEARS.isdisjoint(whole))!s}",
    ]
    out += [f"wl={w}" for w in set(low[max(left, one.left - 7) : one.left])]
    out += [f"wr={w}" for w in set(low[one.right : min(right, one.right + 6)])]
    out += _retold(draft, told)
    out.append(f"prep={low[one.left - 1] if one.left > first else 'start'}")
    out += _tenses(draft, text, left, right)
    out += _among_sums(draft, text)
    for found in deals.of_claim(draft.kind, draft.payers, draft.payee, one.top):
        if found.startswith("oldshare"):
            out += _recalls(found, draft, text, plain)
    return out


def _recalls(found: str, draft: Draft, text: Text, plain: bool) -> Sequence[str]:
    """How often the press only reminds of a deal, and whether recalls stand in such a place."""
    if "|" in found:
        return (found,)
    index = draft.scene.index
    at = "head" if index == 0 else "lead" if text.places[index] < _OPENING else "body"
    title = draft.one.top in text.title_tops
    return f"{found}|{at}", f"{found}|{title!s}", f"{found}|{plain!s}"


#: The first sentences of a text bring its news.
_OPENING = 3


def _tenses(draft: Draft, text: Text, left: int, right: int) -> set[str]:
    """Tenses that an ending tells, and where they stand to the sum."""
    first = draft.one.first
    return {
        f"when={tense}|{'E' if k < left else 'L' if k < first else 'R' if k < right else 'X'}"
        for k, tense, _ in text.verbs[draft.scene.index]
    }


def _among_sums(draft: Draft, text: Text) -> list[str]:
    """How a sum stands among those that the text tells of the same kind and company: what was
    worth less, or raised less, was so before."""
    least, most = text.ranges.get((draft.kind, draft.payee), (draft.one.top, draft.one.top))
    place = "only" if least == most else "most" if draft.one.top == most else "least"
    if least < draft.one.top < most:
        place = "between"
    return [f"among={place}|{draft.kind}", f"among={place}|{(draft.scene.index == 0)!s}"]


def _focus(draft: Draft, text: Text) -> tuple[str, str]:
    """Whether a claim is about what title and opening are about."""
    giver = draft.payers[0] if draft.payers else None
    return (
        f"intitle={(draft.one.top in text.title_tops)!s}",
        f"lead={(draft.payee in text.lead)!s}|{(giver in text.lead)!s}|{(giver is None)!s}",
    )


def _retold(draft: Draft, told: Told) -> list[str]:
    """How a claim stands to those before it: a deal told once more, or with another figure."""
    change = "first"
    first, new = told.deals.get((draft.kind, draft.payee)), draft.one.top
    if first is not None:
        change = "same" if new == first else "less" if new < first else "more"
    some = bool(told.deals)
    return [
        f"deal={change}|{draft.kind}",
        f"parties={((draft.payers, draft.payee) in told.parties)!s}|{draft.kind}",
        f"taker={(draft.payee in told.takers)!s}|{some!s}",
        f"givers={(not told.givers.isdisjoint(draft.payers))!s}|{some!s}",
    ]


def plain_status(state: Status) -> str:
    """The grammar's own status as one word."""
    return f"{state.certainty} {state.stage}"


#: Hearsay and denials are rarer than facts and count by this much more.
_RARER = 1.5


def settled(scores: Mapping[str, float], state: Status) -> tuple[str, dict[str, float]]:
    """The likeliest status, and how likely each one is: the certainty first, of all its stages
    together, then its stage.

    A denial needs its word or its negation, as the grammar finds it; what hangs on a deal that may
    still come about ("si le tour aboutit") is no fact.
    """
    odds: dict[str, float] = {}
    sure: dict[str, float] = {}
    for word, share in scorer.softmax(scores).items():
        certainty = word.partition(" ")[0]
        if certainty == "confirmed":
            if state.pending:
                continue
        elif certainty == "denied" and state.certainty != "denied":
            continue
        else:
            share *= _RARER
        odds[word] = share
        sure[certainty] = sure.get(certainty, 0.0) + share
    best = max(sure, key=sure.__getitem__)
    total = sum(odds.values())
    word = max([w for w in odds if w.startswith(best)], key=odds.__getitem__)
    return word, {w: share / total for w, share in odds.items()}


Staged = Callable[[str], Sequence[str]]
#: A status less likely than this does not count in whether a claim is old.
_UNLIKELY = 0.05


def recalled(
    model: Mapping[str, Any], base: int, odds: Mapping[str, float], place: Staged
) -> float:
    """Probability that a claim is old, over all the statuses that it may have; `base`: gathered
    from what hangs on none of them. Classes of `model`: "False", "True"."""
    out = total = 0.0
    for word, share in odds.items():
        if share >= _UNLIKELY:
            margin = scorer.margin(base + scorer.gathered(model, place(word)))
            out += share / (1 + math.exp(-margin))
            total += share
    return out / total
