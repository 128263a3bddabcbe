"""Who gets which share: "respectivement", "l'un ... l'autre", rows of tables, names in a list's
cells. Such a sum belongs to one party by its place alone, whatever the verb says."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import numerals
from pipelines.claims.amounts import Sum
from pipelines.claims.mentions import Group
from pipelines.claims.scene import Scene
from pipelines.claims.tokens import Reading, Sentence

_OF_EACH = frozenset(("respectifs", "respectives"))
_RESPECTIVE = _OF_EACH | {"respectivement"}
#: Between several subjects and their sums: a verb, not "chacun", and nothing else.
_VERB, _APART = 4, frozenset(", ; : ( ) qui que qu' de entre chacun chacune ensemble".split())
#: Tokens that a table's cell or a label may have beside its name.
_CELL_TOKENS = 6


def shares(scene: Scene, earlier: Sequence[Scene]) -> dict[int, str]:
    """First token of a sum → the party that it belongs to."""
    if not scene.sums:
        return {}
    out = _distributed(scene)
    out.update(_respective(scene, earlier))
    words = _words(scene)
    if "autre" in words:
        out.update(_one_and_other(scene, earlier))
    if "|" in words or ("/" in words and _slashed(scene)):
        out.update(_row(scene))
    if not scene.payable:
        out.update(_cell(scene, earlier))
    return out


#: Prepositions of the one whose share a sum is: "30 milliards pour Nvidia, 20 d'Amazon".
_OF = frozenset(("pour", "de", "par", "auprès"))
#: Words between a sum and the party whose share it is.
_COMING = frozenset(
    "pour de d' du des par auprès venus venant venu issus apportés apporté apportée promis fournis "
    "fourni versés versé investis injectés souscrits côté de le la l' les".split()
)
#: Words between a party and its share: "Amazon (50 milliards)", "Alphabet pour 1,2".
_WITH = frozenset("( pour : avec à hauteur de d' , jusqu' concurrence".split())
#: Longest gap between a sum and its party, in tokens.
_GAP = 4


def _distributed(scene: Scene) -> dict[int, str]:
    """ "dont 50 pour Amazon, 30 pour Nvidia", "Amazon (50 milliards), Nvidia (30)"."""
    sums = _plain(scene)
    parts = {s.first for s in sums if "dont" in scene.low[max(s.left - 2, 0) : s.left]}
    if len(sums) < 2 and not parts:
        return {}
    behind = {s.first: name for s in sums if (name := _behind(scene, s))}
    before = {s.first: name for s in sums if (name := _in_front(scene, s))}
    out: dict[int, str] = {}
    for found in (before, behind):
        if len(found) >= 2 and len(set(found.values())) == len(found):
            out = found
    if not out:
        out = {first: name for first, name in behind.items() if first in parts}
    return out


def _behind(scene: Scene, one: Sum) -> str | None:
    """The party right after a sum."""
    for group in scene.parties():
        if group.first >= one.right:
            gap = scene.low[one.right : group.first]
            near = len(gap) <= _GAP and bool(gap) and all(w in _COMING for w in gap)
            return group.names[0] if near and group.prep in _OF and len(group.names) == 1 else None
    return None


def _in_front(scene: Scene, one: Sum) -> str | None:
    """The party right before a sum."""
    for group in reversed(scene.parties()):
        if group.last <= one.left:
            gap = scene.low[group.last : one.left]
            near = len(gap) <= _GAP and all(w in _WITH for w in gap) and group.prep != "de"
            if not near or (gap and gap[0] == ","):
                return None
            mention = group.mentions[-1]
            return mention.name if len(group.names) == 1 or gap[:1] == ["("] else None
    return None


def _words(scene: Scene) -> Sequence[str]:
    return scene.low[scene.sentence.first : scene.sentence.last]


def _plain(scene: Scene) -> list[Sum]:
    return [s for s in scene.sums if s.conversion_of is None]


def _paired(scene: Scene, chain: Sequence[Sum]) -> dict[int, str]:
    """ "Microsoft et Nvidia investissent 5 et 10 milliards": as many subjects as sums."""
    start = chain[0].left
    for group in scene.parties():
        between = scene.low[group.last : start]
        beside = group.prep == "" and 0 < len(between) <= _VERB and _APART.isdisjoint(between)
        if beside and len(group.names) == len(chain):
            return {s.first: n for s, n in zip(chain, group.names, strict=True)}
    return {}


def _respective(scene: Scene, earlier: Sequence[Scene]) -> dict[int, str]:
    before = earlier[-1] if earlier else None
    called = not _RESPECTIVE.isdisjoint(_words(scene))
    chain = _chain(scene)
    if len(chain) < 2:
        return {}
    if not called and (before is None or _OF_EACH.isdisjoint(_words(before))):
        return _paired(scene, chain)
    groups = [g for g in scene.parties() if len(g.names) == len(chain)]
    if not groups and before is not None:
        groups = [g for g in before.parties() if len(g.names) == len(chain)][-1:]
    if not groups:
        return {}
    return {s.first: n for s, n in zip(chain, groups[0].names, strict=True)}


def _chain(scene: Scene) -> list[Sum]:
    """Longest run of coordinated sums."""
    best: list[Sum] = []
    run: list[Sum] = []
    for one in _plain(scene):
        gap = scene.low[run[-1].right : one.left] if run else []
        if run and len(gap) <= 3 and all(w in (",", "et", "puis", "ou", "à", "de") for w in gap):
            run.append(one)
        else:
            run = [one]
        if len(run) > len(best):
            best = list(run)
    return best


def _one_and_other(scene: Scene, earlier: Sequence[Scene]) -> dict[int, str]:
    """ "l'un pour 10 milliards, l'autre pour 5"."""
    low, first = scene.low, scene.sentence.first
    marks: list[tuple[int, int]] = []
    for k in range(first + 1, scene.sentence.last):
        if low[k - 1] == "l'" and low[k] in ("un", "une", "autre"):
            marks.append((k, 1 if low[k] == "autre" else 0))
    if {side for _, side in marks} != {0, 1}:
        return {}
    groups = [g for g in scene.parties() if len(g.names) == 2]
    if not groups:
        groups = [g for s in earlier[-1:] for g in s.parties() if len(g.names) == 2]
    if not groups:
        return {}
    out: dict[int, str] = {}
    for one in _plain(scene):
        before = [side for k, side in marks if k < one.first and one.first - k <= 12]
        if before:
            out[one.first] = groups[0].names[before[-1]]
    return out


def _row(scene: Scene) -> dict[int, str]:
    """A row of a table: its figures belong to the party in its first cell."""
    parties = scene.parties()
    if len(parties) != 1 or len(parties[0].names) != 1:
        return {}
    return {s.first: parties[0].names[0] for s in _plain(scene)}


def _slashed(scene: Scene) -> bool:
    """ "Amazon / 50 Md$ / dont 15 versés": slashes with spaces part cells."""
    slashes = [k for k, word in enumerate(_words(scene), scene.sentence.first) if word == "/"]
    return len(slashes) >= 2 and len([k for k in slashes if not scene.reading.near(k)]) >= 2


def _cell(scene: Scene, earlier: Sequence[Scene]) -> dict[int, str]:
    """A table of one cell a line: the figure's line follows the name's line."""
    sums = _plain(scene)
    if len(sums) != 1 or not earlier:
        return {}
    sentence = scene.sentence
    before = earlier[-1]
    if sentence.last - sentence.first > _CELL_TOKENS or before.sentence.line != sentence.line - 1:
        return {}
    if before.sentence.paragraph != sentence.paragraph or before.sums:
        return {}
    group: Group | None = next(iter(before.parties()), None)
    alone = before.sentence.last - before.sentence.first <= _CELL_TOKENS
    if group is None or not alone or len(group.names) != 1:
        return {}
    return {sums[0].first: group.names[0]}


_ANNOUNCING = frozenset(("en", "("))
#: Short scales of tables: "(M€)".
_SHORT = frozenset(("m", "g"))


def announced_scale(reading: Reading, sentence: Sentence) -> Sum | None:
    """A scale that a table or list announces for its figures: "(en milliards de dollars)"."""
    low, scales = reading.low, numerals.tables().scales
    span, behind = low[sentence.first : sentence.last - 1], low[sentence.first + 1 : sentence.last]
    if _ANNOUNCING.isdisjoint(span) or (
        scales.keys().isdisjoint(behind) and _SHORT.isdisjoint(behind)
    ):
        return None
    for i in [i for i, word in enumerate(span, sentence.first) if word in _ANNOUNCING]:
        if low[i] == "en" and low[i + 1] in scales:
            scale = scales[low[i + 1]]
            end, currency = numerals.currency_at(reading, sentence, i + 2)
            return Sum(i + 1, end, i + 1, end, scale, scale, currency, "exact")
        if low[i] == "(" and low[i + 1] in scales and i + 2 < sentence.last:
            end, currency = numerals.currency_at(reading, sentence, i + 2)
            if currency is not None:
                scale = scales[low[i + 1]]
                return Sum(i + 1, end, i + 1, end, scale, scale, currency, "exact")
        if low[i + 1] in _SHORT and i + 2 < sentence.last:
            end, currency = numerals.currency_at(reading, sentence, i + 2)
            if currency is not None:
                scale = 1e6 if low[i + 1] == "m" else 1e9
                return Sum(i + 1, end, i + 1, end, scale, scale, currency, "exact")
    return None
