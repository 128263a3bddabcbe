"""Where a sentence leaves a round for something else that its company does: "lève 2 milliards et
noue un partenariat avec Airbus", "qui a levé 2 milliards, s'associe à Nvidia".

Whoever is named from there on has given nothing. Few verbs are known by their stems; what stands
right behind "et", or behind the comma that closes a relative clause, is told by its ending and by
what it is not.
"""

from __future__ import annotations

from pipelines.claims import clauses
from pipelines.claims.drafts import Draft
from pipelines.claims.mentions import DETERMINERS, PREPOSITIONS, Group
from pipelines.claims.scene import Scene

#: With one of these the sentence goes on with who takes part.
_JOINING = tuple(
    "accueil ajout appu associ attir bénéfici capital chef compr compt conduit convain dirig emmen"
    " épaul figur financ inclu investi men mèn parrain particip pilot prov rassembl réun rejoi"
    " sédui souscri souten soutien tour vien".split()
)
#: Verbs by which others give.
_GIVING = frozenset("invest transfer raise receive lend".split())
#: Before a verb: "et s'associe", "et en a cédé".
_CLITICS = frozenset("se s' n' ne y en lui leur l' les la le".split())
#: Of the third person, present or future.
_ENDINGS = ("e", "t", "d", "ra", "ent", "ont")
_NO_VERBS = ("ment", "iste", "aine", "ième")
#: Of those endings, what else stands behind "et" or a comma.
_OTHERS = frozenset(
    "ainsi avant bientôt cent cependant comme dont encore enfin ensuite entre et huit jusque même"
    " outre parmi pendant pourtant presque quatre quatorze quinze seize douze treize onze trente"
    " quarante cinquante soixante sept souvent surtout tant tantôt tard tout toute autre chaque"
    " quelque notre votre puisque lorsque quoique pourcent grand petite petit jeune second".split()
)
#: Right before a party that somebody is held against, or left out of something.
_BESIDE = (["face", "à"], ["loin", "devant"], ["mais", "pas"], ["mais", "ni"])
_COMPARATIVES = frozenset("moins plus mieux autant davantage plutôt".split())
_WHILE = frozenset("alors tandis après pendant depuis".split())
_INFINITIVES = ("er", "ir", "re")
#: How far before a party a comparative stands, and behind it what it does.
_NEAR, _BEHIND = 4, 6
_OPENS = frozenset("qui que qu' dont où lequel laquelle valorisée valorisé".split())


def parted(scene: Scene, draft: Draft, group: Group) -> bool:
    """Whether a group stands where its sentence speaks of something else than the round of a
    draft."""
    if _compared(scene, group):
        return True
    if group.last <= draft.one.left:
        return _elsewhere_before(scene, draft, group)
    if group.first < draft.one.right:
        return False
    if _for_what(scene, draft.one.right, group.first):
        return True
    for k in (
        _leaves(scene, draft, group.first),
        _subordinate(scene, draft.one.right, group.first),
    ):
        if k is not None and not _takes_part(scene, k, group.first, group.last + _BEHIND):
            return True
    return False


def _elsewhere_before(scene: Scene, draft: Draft, group: Group) -> bool:
    """Whether a group before a sum does something else: "alors que Google gagne, ..."."""
    low, left = scene.low, draft.one.left
    k = _subordinate(scene, scene.sentence.first, group.first)
    comma = next((j for j in range(group.last, left) if low[j] == ","), None)
    return k is not None and comma is not None and not _takes_part(scene, k, comma)


def _takes_part(scene: Scene, k: int, *stops: int) -> bool:
    """Whether the words from token `k` on say that somebody gives."""
    last = min(stops[-1], scene.sentence.last)
    if any(word.startswith(_JOINING) for word in scene.low[k:last]):
        return True
    return any(k <= cue.first < stops[0] and cue.sort in _GIVING for cue in scene.cues)


def _compared(scene: Scene, group: Group) -> bool:
    """ "deux fois moins qu'OpenAI", "face à Google", "derrière OpenAI", "mais pas Apple"."""
    low, first = scene.low, scene.sentence.first
    k = group.first - 1
    while k > first and low[k] in DETERMINERS:
        k -= 1
    before = low[max(k - _NEAR, first) : k + 1]
    if before[-1:] in (["que"], ["qu'"]):
        return not _COMPARATIVES.isdisjoint(before)
    if before[-2:] in _BESIDE or before[-1:] == ["derrière"]:
        return True
    return before[-3:-1] == ["mais", "pas"]  # "mais pas de Microsoft"


def _for_what(scene: Scene, start: int, stop: int) -> bool:
    """Whether what the money is for ends in a party: "pour rattraper OpenAI", "afin d'acheter des
    puces à Nvidia"."""
    low, words = scene.low, scene.reading.words
    for k in range(stop - 1, start - 1, -1):
        if low[k] == "," or low[k] == "auprès" or low[k].startswith(_JOINING):
            return False
        if low[k] == "pour" or low[k - 1 : k + 1] in (["afin", "de"], ["afin", "d'"]):
            return any(w[0].islower() and w.endswith(_INFINITIVES) for w in words[k + 1 : k + 4])
    return False


def _subordinate(scene: Scene, start: int, stop: int) -> int | None:
    """Where a clause of something else begins: "alors que Google gagne du terrain"."""
    low = scene.low
    for k in range(start, stop):
        if low[k] in _WHILE and low[k + 1] in ("que", "qu'"):
            return k
    return None


def _leaves(scene: Scene, draft: Draft, stop: int) -> int | None:
    """The first token of the verb that the company of a draft goes on with, None if there is
    none."""
    low, one = scene.low, draft.one
    subject = clauses.find(scene, one).subject
    acts = subject is not None and draft.payee in subject.names
    told = _in_relative(scene, draft)
    for k in range(one.right, stop - 1):
        if ((acts and low[k] in ("et", "puis")) or (told and low[k] == ",")) and _is_verb(
            scene, _behind(scene, draft, k + 1)
        ):
            return k + 1
    return None


def _behind(scene: Scene, draft: Draft, k: int) -> int:
    """The token behind the company of a draft, if it stands at `k`, else `k`."""
    return next((g.last for g in scene.parties() if g.first == k and draft.payee in g.names), k)


def _in_relative(scene: Scene, draft: Draft) -> bool:
    """Whether a sum stands in a relative clause on the company of its draft, or in an opening."""
    low, first, left = scene.low, scene.sentence.first, draft.one.left
    comma = next((k for k in range(left - 1, first - 1, -1) if low[k] == ","), None)
    if comma is None:
        return "après" in low[first:left]
    told = any(g.last == comma for g in scene.parties())
    return told and not _OPENS.isdisjoint(low[comma + 1 : comma + 3])


def _is_verb(scene: Scene, k: int) -> bool:
    low, words = scene.low, scene.reading.words
    if low[k] in ("se", "s'", "n'", "ne") or low[k] in clauses.AUXILIARIES:
        return True
    if low[k] in _CLITICS and k + 1 < scene.sentence.last:
        return False
    return (
        words[k][0].islower()
        and len(low[k]) > 3
        and low[k].endswith(_ENDINGS)
        and not low[k].endswith(_NO_VERBS)
        and low[k] not in _OTHERS
        and low[k] not in DETERMINERS
        and low[k] not in PREPOSITIONS
    )
