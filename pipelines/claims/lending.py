"""What a sum borrows from the sentences before: the scale of a number without unit, the currency
of a sum without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.claims import amounts, lexicon, shares
from pipelines.claims.amounts import Sum
from pipelines.claims.record import record, replace
from pipelines.claims.scene import Scene

#: Bare numbers are below this until they have borrowed a scale.
_UNSCALED = 1e4


@record
class Lender:
    """What the sums of a sentence may borrow from those before."""

    one: Sum | None = None  # lends its scale
    billions: Sum | None = None  # the last sum of a billion or more
    wide: str | None = None  # currency said last of those that outlast their sentence
    local: str | None = None  # of a text that has counted in no other yet
    assumed: bool = False  # `wide` is nobody's word, only where a company counts


#: A sum without currency is in one of these, if another sentence said it: the francs or pounds of
#: a local figure are not those of the next round.
_DOLLARS = "USD"
_WIDE = frozenset((_DOLLARS, "EUR"))
_UNSAID_OR_DOLLARS = frozenset((None, _DOLLARS))
#: In one of these only where the text has counted in nothing else yet and no start-up beside whom
#: it was not said comes up. Yens and dirhams stay with the profits and budgets they are said of.
_LOCAL = frozenset(("AUD", "CAD", "CHF", "GBP"))

_BILLION = 1e9
#: Below this a number without unit counts billions, where the sum before it has at least this many
#: millions: "900 millions ... Elle en valait 2,6".
_SMALL, _LARGE = 10, 100e6


#: Whoever is financed or paid, by its part in the watch; of these, who raises money.
_PAID = frozenset(("subject", "rival", "partner"))
_RAISING = frozenset(("subject", "rival"))
#: What the press counts a company's money in, whatever it counts the rest in.
_HOMES: dict[str, str] = {
    name: currency
    for currency, companies in lexicon.words("amounts")["homes"].items()
    for name in companies
}


def settled(scenes: Sequence[Scene]) -> list[Scene]:
    """The sentences of a text, in order, with sums that have borrowed what they lack."""
    lender = Lender()
    out: list[Scene] = []
    said: dict[float, str] = {}
    dollars = any(one.currency == _DOLLARS for scene in scenes for one in scene.sums)
    others: set[str] = set()  # beside whom another currency stood
    abroad: set[str] = set()  # beside whom dollars stood
    before, block, told = lender, -1, True
    for scene in scenes:
        if scene.sentence.paragraph != block:
            if not told and before.wide:  # it told of something else: nothing is borrowed from it
                lender = before
            before, block, told = lender, scene.sentence.paragraph, False
        told = told or _names_paid(scene)
        if scene.sums:
            mentions = [m for g in scene.parties() for m in g.mentions if m.name]
            names = {m.name for m in mentions if m.name}
            roles = {m.role for m in mentions}
            currencies = {one.currency for one in scene.sums}
            home = {_HOMES.get(name) for name in names} if abroad.isdisjoint(names) else set()
            if len(home) == 1 and None not in home:
                lender = replace(lender, wide=home.pop(), local=None, assumed=True)
            elif None in currencies and not _PAID.isdisjoint(roles) and others.isdisjoint(names):
                raising = not _RAISING.isdisjoint(roles)
                wide = None if lender.assumed else lender.wide
                wide = _DOLLARS if dollars and not (lender.local and not raising) else wide
                local = None if raising else lender.local
                lender = replace(lender, wide=wide, local=local, assumed=False)
            if not currencies <= _UNSAID_OR_DOLLARS:
                others |= names
            if _DOLLARS in currencies:
                abroad |= names
        sums, lender = lent(_spelt(scene, scenes) if lender.assumed else scene, lender)
        if sums:
            sums = _as_much(scene, sums)
            said.update({one.top: one.currency for one in sums if one.currency})
        out.append(replace(scene, sums=sums) if sums != scene.sums else scene)
    if not any(one.currency for scene in out for one in scene.sums):
        return [_in_dollars(scene) for scene in out]
    return [_alike(scene, said) for scene in out]


def _names_paid(scene: Scene) -> bool:
    """Whether somebody is named who is financed or paid."""
    for group in scene.groups:
        for mention in group.mentions:
            if mention.role in _PAID and mention.name:
                return True
    return False


def _in_dollars(scene: Scene) -> Scene:
    """The sums of a text that says no currency, as titles rarely do: the press means dollars."""
    if not scene.sums:
        return scene
    sums = [replace(s, currency=_DOLLARS) if s.top >= _UNSCALED else s for s in scene.sums]
    return replace(scene, sums=tuple(sums))


#: What may stand before and after the "autant" that is a sum: "30 pour Nvidia et autant pour Ares".
_BEFORE_AS_MUCH = frozenset(("et", ",", ":", "("))
_AFTER_AS_MUCH = frozenset(
    "pour à au aux chez par sous dans en chacun chacune d' de . , ; ) qu'".split()
)
#: Sorts of the verbs whose object "autant" may be: "SpaceX en avait mis autant".
_MOVING = frozenset("invest transfer raise receive borrow lend spend".split())
#: Of these the next word tells more: "autant de capital" is a sum, "autant de puces" is none.
_NOUN_FOLLOWS = frozenset(("d'", "de", "qu'"))
_CAPITAL = frozenset("capital dette fonds".split())


def _as_much(scene: Scene, sums: tuple[Sum, ...]) -> tuple[Sum, ...]:
    """The sums of a sentence and "autant" after the one that it repeats."""
    low, sentence = scene.low, scene.sentence
    if "autant" not in low[sums[0].right : sentence.last]:
        return sums
    words = scene.reading.words
    out = list(sums)
    for i in range(sums[0].right, sentence.last):
        if low[i] != "autant":
            continue
        after = low[i + 1] if i + 1 < sentence.last else "."
        behind = i - 2 if low[i - 1] == "pour" else i - 1  # "SoftBank pour autant"
        named = (low[behind] in _BEFORE_AS_MUCH and behind == i - 1) or words[behind][:1].isupper()
        follows = words[i + 2] if i + 2 < sentence.last else ""
        moved = any(cue.last == i and cue.part == "v" and cue.sort in _MOVING for cue in scene.cues)
        if not (moved or named) or not (after in _AFTER_AS_MUCH or (moved and after == "l'")):
            continue
        if after in _NOUN_FOLLOWS and not follows[:1].isupper() and follows not in _CAPITAL:
            continue
        k = max(k for k, one in enumerate(out) if one.right <= i)
        same = replace(out[k], first=i, last=i + 1, left=i, right=i + 1, bare=True)
        out.insert(k + 1, replace(same, conversion_of=None))
    return tuple(out)


def _alike(scene: Scene, said: Mapping[float, str]) -> Scene:
    """A title's "500 millions" are those that the text counts in euros."""
    if not [one for one in scene.sums if not one.currency and one.top in said]:
        return scene
    sums = [replace(s, currency=s.currency or said.get(s.top)) for s in scene.sums]
    return replace(scene, sums=tuple(sums))


def _spelt(scene: Scene, scenes: Sequence[Scene]) -> Scene:
    """A title that would be in a company's own currency, in the one that the text writes with its
    figure: "Mistral AI emprunte 830 millions" are the dollars of the first sentence."""
    if scene.index or not scene.sums:
        return scene
    told: dict[float, set[str]] = {}
    for one in (one for other in scenes[1:] for one in other.sums if one.currency):
        told.setdefault(one.top, set()).add(one.currency or "")
    sums = [
        replace(s, currency=min(told[s.top]))
        if s.currency is None and len(told.get(s.top, ())) == 1
        else s
        for s in scene.sums
    ]
    return replace(scene, sums=tuple(sums))


def lent(scene: Scene, lender: Lender) -> tuple[tuple[Sum, ...], Lender]:
    """Bare numbers without a lender in their sentence borrow from the sentence before; a sum
    without currency takes the one said last."""
    out: list[Sum] = []
    scaling, billions, wide, local = lender.one, lender.billions, lender.wide, lender.local
    currency = wide or local
    announced = shares.announced_scale(scene.reading, scene.sentence)
    if announced is not None:
        scaling, wide = announced, announced.currency or wide
        currency = wide
    elif not scene.sums:
        return (), lender
    for one in scene.sums:
        if one.bare and one.top < _UNSCALED and scaling is not None:
            small = billions is not None and one.top < _SMALL and scaling.top < _BILLION
            scale = _BILLION if small and scaling.top >= _LARGE else amounts.scale_of(scaling)
            one = amounts.scaled(one, scale, currency)
        if one.currency is None and currency:
            one = replace(one, currency=currency)
        if not one.bare and one.conversion_of is None:
            scaling, currency = one, one.currency
            billions = one if one.top >= _BILLION else billions
            wide = currency if currency in _WIDE else wide
            local = None if wide or currency not in _LOCAL else currency
        out.append(one)
    assumed = lender.assumed and all(one.currency is None for one in scene.sums)
    return tuple(out), Lender(scaling, billions, wide, local, assumed)
