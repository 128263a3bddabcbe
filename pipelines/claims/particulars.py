"""What else a claim tells: years of a commitment, "supplémentaires", which market a value is of."""

from __future__ import annotations

from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.cues import Cue
from pipelines.claims.drafts import Draft, next_sum
from pipelines.claims.lexicon import Phrases
from pipelines.claims.numerals import spelled
from pipelines.claims.scene import Scene
from pipelines.records import Instrument, ValuationBasis

#: How far from the sum, in tokens, its years and its "supplémentaires" may stand.
_YEARS_BEFORE, _MORE_AFTER = 12, 3
#: "Amazon ajoute 6 milliards à sa mise".
_ADDING = "ajouter"


@cache
def _phrases() -> Phrases[str]:
    return lexicon.phrases(lexicon.words("particulars")["words"])


def years(draft: Draft) -> int | None:
    """Length of a commitment, from "sur/en N ans" alone."""
    if draft.kind != "commitment":
        return None
    low, sentence = draft.scene.low, draft.scene.sentence
    following = next_sum(draft.scene, draft.one)
    stop = following.left if following else sentence.last
    for k in range(max(sentence.first + 2, draft.one.left - _YEARS_BEFORE), stop):
        if low[k] not in ("ans", "années"):
            continue
        count = k - 2 if low[k - 1] == "prochaines" else k - 1
        if {"sur", "en"} & set(low[max(sentence.first, k - 5) : k]):
            return spelled(low[count])
    return None


def additional(draft: Draft) -> bool:
    """Whether the sum comes on top of what is known."""
    low, one, cue = draft.scene.low, draft.one, draft.cue
    if cue is not None and cue.lemma == _ADDING and cue.last <= one.first:
        return True
    stop = min(one.right + _MORE_AFTER, draft.scene.sentence.last)
    return any(h.value == "additional" for h in _phrases().all(low, one.last, stop))


def basis(draft: Draft) -> ValuationBasis | None:
    """Whether a valuation is of a listing, of a sale among holders or of a private round."""
    if draft.kind != "valuation":
        return None
    sentence = draft.scene.sentence
    said = {h.value for h in _phrases().all(draft.scene.low, sentence.first, sentence.last)}
    if "ipo" in said:
        return "ipo"
    return "secondary" if "secondary" in said else "private"


def instrument(scene: Scene, cue: Cue) -> Instrument | None:
    """What sort of debt the words name."""
    near = " ".join(
        scene.low[
            max(scene.sentence.first, cue.first - 4) : min(cue.last + 14, scene.sentence.last)
        ]
    )
    if cue.sort == "issue" or "oblig" in near:
        return "bond"
    if any(w in near for w in ("ligne", "facilité", "renouvelable", "revolving")):
        return "credit_line"
    if any(w in near for w in ("prêt", "emprunt", "crédit", "prête")):
        return "loan"
    return None
