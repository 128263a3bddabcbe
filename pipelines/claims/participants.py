"""Who takes part in a round: those its sentence names as such, or one that goes on about it.

Each party that a round's own sentence or a near one names is weighed by itself. A wrong participant
would be told as a new investor, and one that is left out comes with the next article: doubt counts
against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.claims import lexicon, scorer
from pipelines.claims.abstaining import abstains
from pipelines.claims.drafts import YOUNG, Draft
from pipelines.claims.mentions import Group
from pipelines.claims.parting import parted
from pipelines.claims.record import record, replace
from pipelines.claims.scene import Scene
from pipelines.claims.surroundings import Text
from pipelines.claims.walk import Step

#: How many sentences with a party, before and behind a round, may name who takes part in it.
BEFORE, BEHIND = 1, 3
#: And how many sentences there may be in between that name nobody, at most.
FAR = 8
#: How many sentences behind a loan may name who lends it.
NEAR = 2
#: Margin (in nats) of a party that takes part: odds of about two to one.
SURE = 0.8
#: How many sentences from a round the shares of its givers may be told.
SHARES = 4
#: How far the sum of all shares may be from the round.
ROUNDING = 0.05
#: How who lends stands in the sentence behind a loan: as subject or agent.
_LENT_BY = ("", "par", "auprès", "avec")
_LENDING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["lending"])
_JOINING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["joining"])
_DECLINING: tuple[str, ...] = tuple(lexicon.words("grammar")["taking_part"]["declining"])


def completed(text: Text) -> list[Step]:
    """Steps of a text with the payers of its rounds and loans filled in."""
    out = list(text.steps)
    for k, step in enumerate(out):
        kinds = [d.kind for d in step.drafts if d.kind != "debt" or not d.payers]
        if "round" in kinds or "debt" in kinds:
            out[k] = replace(step, drafts=tuple(_filled(d, text, k) for d in step.drafts))
    return out


def _filled(draft: Draft, text: Text, k: int) -> Draft:
    if draft.kind == "debt" and not draft.payers:
        lenders = dict.fromkeys(_lenders(text.steps, k))
        return replace(draft, payers=tuple(n for n in lenders if n != draft.payee))
    model = scorer.weights().get("part")
    if draft.kind != "round" or model is None:
        return draft
    likely = evidence(draft, text, k).likely(model)
    return replace(draft, payers=tuple(dict.fromkeys((*likely, *_parts(draft, text, k)))))


def _parts(draft: Draft, text: Text, k: int) -> Iterator[str]:
    """Whose shares the sentences around a round tell, where they add up to it."""
    shares: dict[tuple[str, ...], float] = {}
    for at in range(max(k - SHARES, 0), min(k + SHARES + 1, len(text.steps))):
        if "denied" in text.doubts[at]:
            continue
        for other in text.steps[at].drafts:
            same = (other.payee, other.one.currency) == (draft.payee, draft.one.currency)
            if same and other.kind == "investment":
                shares[other.payers] = other.one.top
    total = draft.one.top
    if len(shares) > 1 and abs(sum(shares.values()) - total) <= ROUNDING * total:
        for payers in shares:
            yield from payers


def _lenders(steps: Sequence[Step], k: int) -> tuple[str, ...]:
    """Whom the sentence behind a loan without lenders names as such: "A et B sont les prêteurs";
    of banks less is enough: "A et B y participent"."""
    block = steps[k].scene.sentence.paragraph
    for step in steps[k + 1 : k + 1 + NEAR]:
        scene = step.scene
        if scene.sentence.paragraph != block or scene.sums:
            break
        words = scene.low[scene.sentence.first : scene.sentence.last]
        told = any(w.startswith(_LENDING) for w in words)
        if not told and not any(w.startswith(_JOINING) for w in words):
            continue
        if any(w.startswith(_DECLINING) for w in words):
            continue
        names = tuple(
            name
            for group in scene.parties()
            if group.prep in _LENT_BY and group.mentions[0].kind != "person"
            for name in group.names
            if group.mentions[0].role == "lender" or (told and group.mentions[0].role not in YOUNG)
        )
        if names or told:
            return names
    return ()


@record
class Evidence:
    """What speaks for and against the parties near a round."""

    common: set[str]  # of the round itself
    around: dict[str, set[str]]  # place of a sentence → what it says as a whole
    parties: dict[str, tuple[set[str], set[str]]]  # name → places, what is said of it there

    def of(self, name: str) -> set[str]:
        """Everything that is known of one party."""
        places, own = self.parties[name]
        return self.common.union(own, *(self.around[place] for place in places))

    def likely(self, model: Mapping[str, Any]) -> Iterator[str]:
        """Parties that take part; what several share is added up once."""
        if not self.parties:
            return
        common = scorer.gathered(model, self.common)
        around = {place: scorer.gathered(model, said) for place, said in self.around.items()}
        for name, (places, own) in self.parties.items():
            total = common + scorer.gathered(model, own) + sum(around[p] for p in places)
            if scorer.margin(total) > SURE:
                yield name


def evidence(draft: Draft, text: Text, k: int) -> Evidence:
    """Who may take part in the round of sentence `k`, each with what speaks for and against it."""
    found = Evidence(_own(draft, text, k), {}, {})
    for at, place in _near(text, k):
        scene, drafts = text.steps[at].scene, text.steps[at].drafts
        for n, group in enumerate(scene.parties()):
            if group.names == (draft.payee,):
                continue
            if abstains(scene, n, text.negations[at]) or _recalls(draft, scene, group):
                continue
            if at == k and parted(scene, draft, group):
                continue
            told: list[str] = []
            for mention in group.mentions:
                name = mention.name
                if name is None or name == draft.payee:
                    continue
                if place not in found.around:
                    found.around[place] = _around(draft, text, k, at, place)
                told = told or _standing(draft, scene, group, place)
                places, said = found.parties.setdefault(name, (set(), {"bias"}))
                places.add(place)
                said.update(told)
                said.add(f"{place}role={mention.role}|{mention.kind}")
                if name in draft.backers:
                    said.add("grammar")
                for d in drafts:
                    if d is not draft and (name == d.payee or name in d.payers):
                        gets, same = d.payee == name, d.payee == draft.payee
                        said.add(f"{place}is={d.kind}|{gets!s}|{same!s}")
    return found


def _near(text: Text, k: int) -> Iterator[tuple[int, str]]:
    """Sentences near sentence `k` that name a party, and how each stands to it."""
    steps = text.steps
    yield k, "own "
    for step, limit, sign in ((-1, BEFORE, "-"), (1, BEHIND, "+")):
        at, count, block = k + step, 0, steps[k].scene.sentence.paragraph
        while 0 <= at < len(steps) and count < limit and abs(at - k) <= FAR:
            scene = steps[at].scene
            if scene.names_company():
                count += 1
                same = scene.sentence.paragraph == block
                yield at, f"{sign}{count}{'' if same else 'p'} "
            at += step


_HAD = frozenset(("avait", "avaient"))


def _recalls(draft: Draft, scene: Scene, group: Group) -> bool:
    """ "Microsoft avait promis", beside a round that is not told so: an earlier deal."""
    own = draft.scene
    if scene is own or group.last >= scene.sentence.last or scene.low[group.last] not in _HAD:
        return False
    return _HAD.isdisjoint(own.low[own.sentence.first : own.sentence.last])


def _own(draft: Draft, text: Text, k: int) -> set[str]:
    """What is said of the round itself: the text may tell of a larger one of the same company, and
    its givers are that one's."""
    scene, one = draft.scene, draft.one
    out = {f"s={w}" for w in _small(scene, one.left - 3, one.left)}
    out.update([f"r={w}" for w in _small(scene, one.right, one.right + 2)])
    among = _among(draft, text)
    out.add(f"among={among}")
    if among == "less":
        for at in range(max(k - 1, 0), min(k + 2, len(text.steps))):
            for other in text.steps[at].drafts:
                same = (other.kind, other.payee) == (draft.kind, draft.payee)
                if same and other.one.top > one.top:
                    out.add(f"more={at - k}|{(other.one.first > one.first)!s}")
    return out


def _small(scene: Scene, first: int, last: int) -> list[str]:
    """Words of a sentence between two tokens that are no names."""
    first, last = max(first, scene.sentence.first), min(last, scene.sentence.last)
    span = zip(scene.low[first:last], scene.reading.words[first:last], strict=True)
    return [low for low, word in span if not word[0].isupper()]


def _among(draft: Draft, text: Text) -> str:
    """How a round stands among those that the text tells of its company."""
    least, most = text.ranges.get((draft.kind, draft.payee), (0.0, 0.0))
    return "only" if least == most else "most" if draft.one.top == most else "less"


def _around(draft: Draft, text: Text, k: int, at: int, place: str) -> set[str]:
    """What the sentence of a party says as a whole."""
    scene, drafts = text.steps[at].scene, text.steps[at].drafts
    out = {place, f"{place}among={_among(draft, text)}"}
    out.update([f"{place}time={h.value}" for h in text.times[at]])
    if at == k:
        out.add(f"own cue={(draft.cue.sort if draft.cue else None)!s}|{draft.how}")
        return out
    rounds = [d for d in drafts if d.kind == "round"]
    other = any(d.payee != draft.payee or d.one.top != draft.one.top for d in rounds)
    between = text.steps[min(at, k) + 1 : max(at, k)]
    mine, theirs = [any(h.value == "past" for h in text.times[j]) for j in (k, at)]
    out |= {
        f"{place}rounds={bool(rounds)!s}|{other!s}",
        f"{place}sums={bool(scene.sums)!s}",
        f"{place}payee={any(draft.payee in g.names for g in scene.parties())!s}",
        f"{place}between={any(d.kind == 'round' for s in between for d in s.drafts)!s}",
        f"{place}times={mine!s}|{theirs!s}",
    }
    return out


#: Between a party and a sum these begin something else.
_TURNS = frozenset(
    "; : ( ) – , qui que qu' dont où auquel laquelle lequel lorsque quand alors tandis mais et"
    " contre après".split()
)
#: How many words before and behind a party are read.
_BESIDE = 3


def _standing(draft: Draft, scene: Scene, group: Group, place: str) -> list[str]:
    """Where a party stands in its sentence, and the words beside it."""
    low, prep = scene.low, group.prep
    before = _small(scene, group.first - _BESIDE, group.first)
    after = _small(scene, group.last, group.last + _BESIDE)
    side = place[0]
    out = [f"{place}prep={prep}", f"{place}many={min(len(group.names), 3)}|{prep}"]
    out += [f"{side}b={w}" for w in before]
    out += [f"{side}a={w}" for w in after]
    out.append(f"{side}b1={before[-1] if before else 'start'}|{prep}")
    out.append(f"{side}a1={after[0] if after else 'stop'}|{prep}")
    if place != "own ":
        out.append(f"{place}opens={(group.first - scene.sentence.first < 3)!s}|{prep}")
        return out
    one = draft.one
    behind = group.first >= one.last
    left, right = scene.edges(one)
    here = f"own {'R' if behind else 'L'}"
    inside = left <= group.first < right
    span = low[one.last : group.first] if behind else low[group.last : one.first]
    sort = draft.cue.sort if draft.cue is not None else None
    out += [f"{here}{inside!s}|{prep}", f"{here}{inside!s}|{prep}|{sort!s}"]
    out.append(f"{here}gap={len(span).bit_length()}")
    out += [f"{here}over={w}" for w in _TURNS.intersection(span)]
    return out
