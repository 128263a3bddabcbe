"""What is denied, and what only sounds so: "dément tout retard" and "refuse de commenter" deny no
deal, "n'a pas renoncé" keeps one open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.claims.lexicon import Hit
from pipelines.claims.negation import Negation, governs, silent
from pipelines.claims.scene import Scene

#: Between a denial and what it denies: "dément avoir renoncé", "qu'elle ait renoncé".
_TO_HAVE = frozenset("avoir ait aient vouloir qu' que il elle de d'".split())
#: Beginnings of verbs that deny, and of what is no end of a deal once it is denied.
DENYING = ("dément", "nie", "nié", "réfut", "récus")
_ENDS = tuple(
    "annul abandon renonc baisse désengag différend gel gèl menac report remise renégoci résili"
    " retard rédui réduct revoir rupture suspen brouille tension".split()
)
#: How far behind a denial that stands, and what ends what it denies.
_DENIED, _STOPS = 14, frozenset((";", ":", "et", "mais"))


def kept_up(scene: Scene, hits: list[Hit[str]]) -> list[Hit[str]]:
    """Phrases of certainty, with a renunciation that is denied as a deal that is still open, and
    without denials of anything else than a deal: "dément tout retard"."""
    low = scene.low
    out: list[Hit[str]] = []
    kept: int | None = None
    for hit in hits:
        if hit.value != "denied":
            out.append(hit)
            continue
        end = _end_denied(scene, hit)
        if end is not None:
            kept = end
            continue
        if kept is not None and hit.first <= kept < hit.last:
            continue
        one = out[-1] if out and out[-1].value == "denied" else None
        gap = low[one.last : hit.first] if one is not None else []
        if one is not None and gap and _TO_HAVE.issuperset(gap):
            out[-1] = Hit(one.first, hit.last, "considered")
        else:
            out.append(hit)
    return out


def _end_denied(scene: Scene, hit: Hit[str]) -> int | None:
    """The word for the end of a deal that a verb denies: "dément que le contrat soit menacé", but
    for "dément avoir renoncé", which leaves open what comes of it."""
    low = scene.low
    if not low[hit.last - 1].startswith(DENYING):
        return None
    stop = min(hit.last + _DENIED, scene.sentence.last)
    stop = next((k for k in range(hit.last, stop) if low[k] in _STOPS), stop)
    end = next((k for k in range(hit.last, stop) if low[k].startswith(_ENDS)), None)
    if end is None or not low[end].startswith("renonc"):
        return end
    return None if _TO_HAVE.issuperset(low[hit.last : end]) else end


def weighed(
    scene: Scene, hits: Sequence[Hit[str]], negations: Sequence[Negation]
) -> Iterator[Hit[str]]:
    """Denials that are negated themselves leave the deal open; negated deeds are denied."""
    for hit in hits:
        over = next((one for one in negations if one.first < hit.first <= one.verb), None)
        if hit.value != "denied" or over is None or over.sort not in ("denial", "undoing"):
            yield hit
        elif over.sort == "denial":
            yield Hit(hit.first, hit.last, "considered")
    for one in negations:
        tied = not scene.sums or any(governs(scene, money, one) for money in scene.sums)
        if one.sort == "deed" and tied:
            yield Hit(one.first, one.last, "denied")
        elif one.sort == "silence" and scene.low[one.verb].startswith("confirm"):
            yield Hit(one.first, one.last, "considered")
            yield Hit(one.first, one.last, "unsettled")


#: Between a refusal and what is not said, and how far behind it that stands.
_SPEAKING, _REFUSED = frozenset(("tout", "le", "moindre", "s'", "se")), 4


def _unsaid(scene: Scene, hit: Hit[str]) -> bool:
    """Whether a refusal is one to speak: "refuse de commenter", "s'est refusé à tout commentaire",
    "n'a ni confirmé ni démenti"."""
    low = scene.low
    behind = low[hit.last : min(hit.last + _REFUSED, scene.sentence.last)]
    if behind[:1] and behind[0] in ("de", "d'", "à", "tout"):
        said = next((w for w in behind[1:] if w not in _SPEAKING), "")
        return said == "dire" or silent(said)
    if low[hit.last - 1] == "ni":
        return bool(behind) and silent(behind[0])
    return low[hit.first - 1] == "ni" and low[hit.first].startswith(DENYING)


def spoken(scene: Scene, hit: Hit[str]) -> Hit[str]:
    """A phrase of certainty as it is, or as "unsaid" where all that is refused is to speak."""
    if hit.value == "denied" and _unsaid(scene, hit):
        return Hit(hit.first, hit.last, "unsaid")
    return hit


#: Before the word that says that what was just told is wrong.
_LEADS = frozenset("– - « \" c' est est archi tout simplement".split())
_WRONG = frozenset("faux fausse inexact erroné".split())
_THEN = frozenset((",", ".", "»", ":", "!", "–"))


def answered(scenes: Sequence[Scene], k: int) -> Iterator[Hit[str]]:
    """A denial at the end of sentence `k` where the next one begins by saying that it is wrong:
    "Microsoft a investi 10 milliards dans Mistral AI ? Faux."."""
    if k + 1 == len(scenes):
        return
    own, following = scenes[k].sentence, scenes[k + 1].sentence
    low = scenes[k].low
    start = next((j for j in range(following.first, following.last) if low[j] not in _LEADS), -1)
    if start < 0 or start - following.first > _REFUSED or start + 1 >= following.last:
        return
    asked = "?" in low[own.last - 2 : own.last]
    wrong = low[start] in _WRONG or (asked and low[start] == "non")
    if wrong and low[start + 1] in _THEN:
        yield Hit(own.last - 1, own.last, "denied")
