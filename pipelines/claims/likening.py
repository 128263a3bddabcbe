"""Whom a sentence begins with to say that another does as they did, or does not: "Après Microsoft,
Amazon signe", "À l'instar de Google en mars, Nvidia mise". They neither pay nor are paid in what
follows."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims.scene import Scene

_OPENERS = frozenset(("après", "comme", "contrairement"))
#: "À l'instar de", "à la différence de", "dans le sillage de".
_NOUNS = frozenset("instar image exemple différence inverse sillage suite foulée".split())
_LEADING = frozenset(("à", "dans"))
#: At most so many tokens stand between an opener and the name.
_GAP = 4
_RELATIVE = frozenset(("qui", "que", "qu'", "dont", "où", "laquelle", "lequel"))
#: What may stand between a name and the comma that closes the opening.
_TIME = frozenset(
    "en au il y a l' an dernier dernière la le semaine mois jour jours passé passée hier veille "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)


def likened(scene: Scene) -> frozenset[str]:
    """Names of them; none whom the sentence names again behind the opening."""
    low, names = scene.low, set[str]()
    at = _opened(low, scene.sentence.first)
    if at is None:
        return frozenset()
    closed = False
    for group in scene.payable:
        if group.first < at:
            continue
        if closed or group.first - at > _GAP or _act(scene, at, group.first):
            break
        names.update(group.names)
        at = group.last
        while low[at] in _TIME or low[at].isdigit():
            at += 1
        if low[at] == ",":
            again = _opened(low, at + 1)
            at, closed = again or at, again is None
        elif low[at] not in ("et", "ou"):
            return frozenset()
        if closed and low[at + 1 : at + 2] and low[at + 1] in _RELATIVE:
            return frozenset()  # the sentence tells their deal: "Après Nvidia, qui y met 5"
    behind = {n for g in scene.payable if g.first >= at for n in g.names}
    return frozenset(names - behind) if closed and behind - names else frozenset()


def _opened(low: Sequence[str], k: int) -> int | None:
    """The token behind an opener at token `k`."""
    if low[k] in _OPENERS:
        return k + 1
    if low[k] in _LEADING and low[k + 2 : k + 3] and low[k + 2] in _NOUNS:
        return k + 3
    return None


def _act(scene: Scene, first: int, stop: int) -> bool:
    """Whether somebody does something there: "Comme il investit dans Mistral, Nvidia"."""
    return any(cue.part == "v" and first <= cue.first < stop for cue in scene.cues) or any(
        first <= one.first < stop for one in scene.sums
    )
