"""Whether the text recalls a sum as past context, or brings it as the news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit, Phrases
from pipelines.claims.scene import Scene
from pipelines.claims.status import Status, contrasted

_YEAR = re.compile(r"(?:19|20)\d\d")


@cache
def _phrases() -> Phrases[str]:
    return lexicon.phrases(lexicon.words("background")["cues"])


def signs(scene: Scene) -> list[Hit[str]]:
    """Phrases of time in a sentence that set a sum in the past or in the present."""
    return _phrases().all(scene.low, scene.sentence.first, scene.sentence.last)


def judge(draft: Draft, status: Status, year: int | None, hits: Sequence[Hit[str]]) -> bool:
    """Background of one draft; `year`: of publication, where known; `hits`: its `signs`."""
    scene, one = draft.scene, draft.one
    left, right = scene.edges(one)
    near = [h.value for h in hits if left <= h.first < right]
    whole = [h.value for h in hits]
    if "news" in near:
        return False
    if contrasted(draft) or "past" in near:
        return True
    if status.certainty == "rumoured" and status.conditional:
        return False
    if "past" in whole and "news" not in whole and draft.how == "inherited":
        return True
    if _old_year(draft, left, right, year):
        return True
    return bool(_pluperfect(draft))


def _old_year(draft: Draft, left: int, right: int, year: int | None) -> bool:
    if year is None:
        return False
    words = draft.scene.low[left:right]
    return any(len(w) == 4 and _YEAR.fullmatch(w) and int(w) < year for w in words)


def _pluperfect(draft: Draft) -> bool:
    cue = draft.cue
    if cue is None or cue.part != "v" or cue.mood != "part":
        return False
    low = draft.scene.low
    back = low[max(draft.scene.sentence.first, cue.first - 4) : cue.first]
    return any(w in ("avait", "avaient", "était", "étaient") for w in back)
