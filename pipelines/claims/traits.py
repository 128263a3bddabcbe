"""Features of how sure a claim is and whether it is old news."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipelines.claims import background, status
from pipelines.claims.attribution import Credit, opener
from pipelines.claims.drafts import Draft, next_sum, previous_sum
from pipelines.claims.features import step
from pipelines.claims.lexicon import Hit
from pipelines.claims.scene import Scene
from pipelines.claims.walk import Step

_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = frozenset(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_WEEKDAYS = frozenset("lundi mardi mercredi jeudi vendredi samedi dimanche".split())
#: Second half of a negation; "que" is none: "ne ... que" affirms.
_CLOSING = frozenset("pas plus jamais rien aucun aucune ni point nullement".split())
#: What was to come and, in a negated sentence, does not.
_DUE = frozenset("devait devaient prévu prévus prévue prévues attendu attendus attendue".split())
_DUE |= frozenset("espéré espérés espérée promis promise annoncés annoncé évoqués évoqué".split())
_SOURCE = frozenset("source sources rumeur rumeurs bruit proche proches entourage".split())
_PLUPERFECT = frozenset(("avait", "avaient", "était", "étaient"))
_PERFECT = frozenset(("a", "ont", "est", "sont", "vient", "viennent"))


def context(
    steps: Sequence[Step],
    signs: Sequence[list[Hit[str]]],
    credits: Sequence[Credit],
    k: int,
    soft: int,
) -> tuple[str, ...]:
    """What the sentences around sentence `k` say: denials that follow, hearsay that goes on."""
    out = [f"cr={bool(credits[k].names)}|{credits[k].again}|{credits[k].release}"]
    for name, at in (("pv", k - 1), ("nx", k + 1)):
        if not 0 <= at < len(steps):
            out.append(f"{name}=none")
            continue
        same = steps[at].scene.sentence.paragraph == steps[k].scene.sentence.paragraph
        out += [f"{name}={h}" for h in {h.value for h in signs[at]}]
        out += [f"{name}{same}={h}" for h in {h.value for h in signs[at]}]
        out.append(f"{name}cr={bool(credits[at].names)}|{same}")
        out += [f"{name}b{same}={h.value}" for h in background.signs(steps[at].scene)]
        out.append(f"{name}neg={negated(steps[at].scene)}|{same}")
    out.append(f"soft={soft}")
    out += _heading(steps, signs, k)
    return tuple(out)


def _heading(steps: Sequence[Step], signs: Sequence[list[Hit[str]]], k: int) -> list[str]:
    """What the first sentence says, and the one that announces the list in which `k` stands."""
    out: list[str] = []
    if k:
        out += [f"top={h}" for h in {h.value for h in signs[0]}]
        out.append(f"topneg={negated(steps[0].scene)}")
    at = opener([step.scene for step in steps], k)
    if at is not None:
        out += [f"lead={h}" for h in {h.value for h in signs[at]}]
        out += [f"leadb={h.value}" for h in background.signs(steps[at].scene)]
    out.append(f"dated={_dated(steps[k].scene)}")
    return out


def _dated(scene: Scene) -> bool:
    """Whether a sentence opens with a date, as the lines of a chronology do."""
    opening = scene.low[scene.sentence.first : scene.sentence.first + 4]
    return any(w.rstrip(".") in _MONTHS or _YEAR.fullmatch(w) for w in opening)


def negated(scene: Scene, first: int = 0, last: int | None = None) -> bool:
    """Whether a verb is negated between two tokens of a sentence: "n'en fera rien"."""
    first = max(first, scene.sentence.first)
    last = scene.sentence.last if last is None else min(last, scene.sentence.last)
    low = scene.low
    for k in range(first, last):
        if low[k] in ("ne", "n'", "n’") and _CLOSING & set(low[k + 1 : min(k + 7, last)]):
            return True
    return False


def imperfect(word: str) -> bool:
    """Whether a word ends as the imperfect does and not as the conditional."""
    return word.endswith(("ait", "aient")) and len(word) > 4 and not status.is_conditional(word)


def softness(signs: Sequence[list[Hit[str]]]) -> int:
    """How much of a text is in the conditional, in quarters."""
    soft = sum(1 for hits in signs if any(h.value == "conditional" for h in hits))
    return round(4 * soft / max(len(signs), 1))


def status_features(draft: Draft, hits: Sequence[Hit[str]], before: str, plain: str) -> list[str]:
    """`before`: status of the claim before in the text; `plain`: the grammar's own answer."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    left, right = _edges(draft)
    first, last = scene.sentence.first, scene.sentence.last
    out = [
        "bias",
        f"k={draft.kind}",
        f"plain={plain}",
        f"plain={plain}|{draft.kind}",
        f"before={before}|{draft.how == 'inherited'}",
    ]
    for hit in hits:
        word = " ".join(low[hit.first : hit.last])
        if left <= hit.first < right:
            side = "L" if hit.first < one.first else "R"
            out += [
                f"h{side}={hit.value}",
                f"hw={word}",
                f"h={hit.value}|{step(abs(hit.first - one.first))}",
            ]
        else:
            early = hit.first < left
            out += [f"{'e' if early else 'x'}={hit.value}", f"{'e' if early else 'x'}w={word}"]
    out += [
        f"neg={negated(scene, left, one.first)}|{negated(scene, one.last, right)}",
        f"negx={negated(scene)}",
        f"due={any(w in _DUE for w in low[left:right])}|{negated(scene)}",
        f"src={any(w in _SOURCE for w in low[first:last])}",
    ]
    out.append("sorts=" + ",".join(sorted({h.value for h in hits if left <= h.first < right})))
    if draft.cue is not None:
        cue = draft.cue
        out += [
            f"mood={cue.mood}|{draft.kind}",
            f"lem={cue.lemma}",
            f"cue={cue.sort}|{cue.mood}",
            f"how={draft.how}",
        ]
        back = low[max(first, cue.first - 5) : cue.first]
        out += [f"cb={w}" for w in back] + [
            f"aux={w}|{cue.mood}"
            for w in back
            if w in _PERFECT | _PLUPERFECT
            or w in ("va", "vont", "doit", "doivent", "pourrait", "devrait")
        ]
    out += [f"wl={w}" for w in set(low[max(left, one.left - 10) : one.left])]
    out += [f"wr={w}" for w in set(low[one.right : min(right, one.right + 9)])]
    out += [f"s={w}" for w in set(low[first:last]) if len(w) > 3 and w.isalpha()]
    out += [
        f"contre={status.contrasted(draft)}",
        f"head={scene.index == 0}",
        f"end={low[last - 1]}",
    ]
    return out


def background_features(
    draft: Draft,
    stage: str,
    before: str,
    plain: bool,
    place: tuple[int, int],
    title: tuple[frozenset[str], frozenset[float]],
) -> list[str]:
    """`place`: number of the sentence and of all; `title`: names and sums of the first sentence."""
    scene, one, low = draft.scene, draft.one, draft.scene.low
    left, right = _edges(draft)
    first, last = scene.sentence.first, scene.sentence.last
    names = {n for n in (draft.payee, *draft.payers) if n}
    known = len(names & title[0])
    out = [
        "bias",
        f"k={draft.kind}",
        f"stage={stage}",
        f"plain={plain}",
        f"plain={plain}|{stage}",
        f"before={before}|{draft.how == 'inherited'}",
        f"before={before}|{scene.index == place[0]}",
    ]
    out += [
        f"intitle={one.top in title[1]}",
        f"names={known}|{len(names)}",
        f"payee={draft.payee in title[0]}|{draft.kind}",
        f"payers={bool(draft.payers) and draft.payers[0] in title[0]}|{draft.kind}",
    ]
    out += [
        f"at={'head' if scene.index == 0 else min(scene.index, 8)}",
        f"late={round(4 * scene.index / max(place[1], 1))}|{stage}",
    ]
    for hit in background.signs(scene):
        word = " ".join(low[hit.first : hit.last])
        inside = left <= hit.first < right
        out += [f"b{inside}={hit.value}", f"bw={word}|{inside}"]
    if draft.cue is not None:
        back = low[max(first, draft.cue.first - 4) : draft.cue.first]
        out += [f"mood={draft.cue.mood}", f"cue={draft.cue.sort}|{draft.how}"]
        out += [f"aux={w}|{draft.cue.mood}" for w in back if w in _PERFECT or w in _PLUPERFECT]
    window, whole = low[left:right], low[first:last]
    out.append(f"impf={any(imperfect(w) for w in window)}")
    out.append(f"cond={any(status.is_conditional(w) for w in window)}")
    out.append(f"due={any(w in _DUE for w in window)}")
    for name, span in (("w", window), ("s", whole)):
        out.append(f"{name}month={any(w in _MONTHS for w in span)}")
        out.append(f"{name}day={any(w in _WEEKDAYS for w in span)}")
        out.append(f"{name}plu={any(w in _PLUPERFECT for w in span)}")
        out.append(f"{name}year={any(_YEAR.fullmatch(w) for w in span)}")
        out.append(f"{name}déjà={'déjà' in span}")
    out += [f"wl={w}" for w in set(low[max(left, one.left - 10) : one.left])]
    out += [f"wr={w}" for w in set(low[one.right : min(right, one.right + 8)])]
    out += [f"o={w}" for w in low[first : first + 3]]
    out.append(f"contre={status.contrasted(draft)}")
    return out


def _edges(draft: Draft) -> tuple[int, int]:
    before, after = previous_sum(draft.scene, draft.one), next_sum(draft.scene, draft.one)
    left = before.right if before else draft.scene.sentence.first
    right = after.left if after else draft.scene.sentence.last
    return left, right


def plain_status(draft: Draft, hits: list[Hit[str]]) -> str:
    """The grammar's own status as one word."""
    state = status.judge(draft, hits)
    return f"{state.certainty} {state.stage}"


def settled(scores: Mapping[str, float], plain: str) -> str:
    """The likeliest status; a denial needs its word or its negation, as the grammar finds it."""
    denied = plain.startswith("denied")
    left = [word for word in scores if denied or not word.startswith("denied")]
    return max(left or scores, key=lambda word: scores[word])
