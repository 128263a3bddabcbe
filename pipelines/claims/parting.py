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
    "accueil ajout capital conduit dirig emmen financ investi men mèn particip pilot souscri souten"
    " soutien tour".split()
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
_OPENS = frozenset("qui que qu' dont où lequel laquelle valorisée valorisé".split())


def parted(scene: Scene, draft: Draft, group: Group) -> bool:
    """Whether a group stands behind where the sentence leaves the round of a draft."""
    one = draft.one
    if group.first < one.right:
        return False
    k = _leaves(scene, draft, group.first)
    if k is None:
        return False
    if any(word.startswith(_JOINING) for word in scene.low[k : group.first]):
        return False
    return not any(k <= cue.first < group.first and cue.sort in _GIVING for cue in scene.cues)


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
    told = any(g.last == comma and draft.payee in g.names for g in scene.parties())
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
