"""Sums that a sentence only supposes: "en cas d'investissement de 50 milliards", "si Amazon y
mettait 50 milliards, sa part grimperait".

French supposes what is not so by an imperfect behind "si" and a conditional in the main clause. The
same imperfect tells what was, where the main clause states something ("si SoftBank y mettait
30 milliards en mars, il en met 40") or a date stands beside it; and what a company "valait" is told
as a fact anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.claims import conditions, status
from pipelines.claims.drafts import Draft
from pipelines.claims.lexicon import Hit
from pipelines.claims.surroundings import MONTHS, YEARS


def supposed(draft: Draft, times: Sequence[Hit[str]]) -> bool:
    """Whether the sum of a draft is no more than supposed; `times`: words of time of its
    sentence."""
    scene, cue = draft.scene, draft.cue
    if cue is not None and scene.low[max(cue.first - 3, 0) : cue.first - 1] == ["en", "cas"]:
        # "en cas d'investissement de 50 milliards", not "5 milliards en cas d'entrée en Bourse"
        return cue.part == "n" and cue.first < draft.one.left
    if cue is None or cue.mood != "impf" or cue.sort not in conditions.MOVING:
        return False
    if not scene.sentence.first < cue.first < draft.one.left:
        return False
    opens = conditions.condition(scene, cue.first)
    if opens is None:
        return False
    low, sentence = scene.low, scene.sentence
    rest = (k for k in range(draft.one.right, sentence.last) if low[k] in (",", ";", ".", "?"))
    end = next(rest, sentence.last)
    span = low[opens:end]
    if any(hit.value == "past" and opens <= hit.first < end for hit in times):
        return False
    if not (MONTHS.isdisjoint(span) and YEARS.isdisjoint(span)):
        return False
    return any(
        map(status.is_conditional, (*low[sentence.first : opens], *low[end : sentence.last]))
    )
