"""What leaves a deal open: a "si", a question, a doubt, that nothing is made of it yet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pipelines.claims import lexicon
from pipelines.claims.amounts import Sum
from pipelines.claims.lexicon import Hit, Phrases
from pipelines.claims.negation import NE
from pipelines.claims.scene import Scene

#: What opens a condition; the elided form before "il" and "ils".
IFS = frozenset(("si", "s'"))
#: What ends a clause.
_BREAKS = frozenset((",", ";", ":", ".", "(", ")", "–", "—", "que", "qu'"))
#: Classes of the verbs that move money.
MOVING = frozenset("invest transfer raise receive borrow lend spend".split())
#: Behind these "si" asks.
_ASKING = frozenset(
    "savoir sait savent ignore ignorent dire dit dira demander demande demandent"
    " demandé préciser précisé vérifier".split()
)
#: Behind these it asks, concedes or compares.
_ASKED = _ASKING | {"même", "comme"}
#: What has come about hangs on nothing: "si elle a bouclé un tour en mars".
_DONE = frozenset("a ont avait avaient".split())
_PAPERS = frozenset(
    "accord annonce chiffre choix contrat document décision engagement lettre opération protocole"
    " promesse".split()
)
_NOTHING = frozenset(("rien", "aucun", "aucune"))
#: Beginnings of participles that say of a deal that it is made.
_MADE = tuple("sign conclu arrêt act décid finalis fait scell entérin confirm trouv pris".split())
#: And of a deal that nobody means to make.
_MEANT = tuple("prévu prévoi envisag étud ordre discussion négoci programm projet".split())
#: What ends the reach of a word of bargaining.
_PARTS = _BREAKS | {
    "qui",
    "dont",
    "où",
    "et",
    "mais",
    "puis",
    "du",
    "ce",
    "cet",
    "les",
    "des",
    "ses",
}
#: How far from "si", in tokens, the verb of its clause stands.
_CLAUSE = 10


@cache
def _deals() -> tuple[frozenset[str], tuple[str, ...]]:
    """Nouns of deals, and beginnings of the verbs that say that they come about."""
    pending = lexicon.words("status")["pending"]
    return frozenset(pending["deals"]), tuple(pending["stems"])


@cache
def _doubts() -> Phrases[str]:
    return lexicon.phrases({"open": lexicon.words("status")["doubted"]["phrases"]})


@cache
def _bargaining() -> Phrases[str]:
    table = lexicon.words("status")["bargained"]
    return lexicon.phrases({side: table[side] for side in ("before", "behind")})


def doubts(scene: Scene) -> Iterator[Hit[str]]:
    """Clauses of which it is open whether they hold: "il est peu probable qu'Amazon investisse"."""
    for hit in _doubts().all(scene.low, scene.sentence.first, scene.sentence.last):
        if _moves_money(scene, hit.last):
            yield hit


#: How far before "ne" its subject stands, "rien" or "aucun accord", and behind it its participle.
_SUBJECT, _PREDICATE = 4, 6


def unsettled(scene: Scene) -> Iterator[Hit[str]]:
    """Deals that nothing is made of yet: "rien n'est signé", "aucun accord n'a été conclu"."""
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    for k in range(first, last):
        if low[k] not in NE:
            continue
        subject = (j for j in range(k - 1, max(k - _SUBJECT, first) - 1, -1) if low[j] in _NOTHING)
        start = next((j for j in subject if low[j] == "rien" or low[j + 1] in _PAPERS), None)
        behind = range(k + 1, min(k + 1 + _PREDICATE, last))
        made = next((j for j in behind if low[j].startswith(_MADE)), None)
        if start is not None and made is not None:
            yield Hit(start, made + 1, "unsettled")


def bargained(scene: Scene, one: Sum) -> bool:
    """Whether a sum is what its own clause says is being talked of: "négocie un contrat de 38
    milliards", "une levée de 3 milliards est en discussion"."""
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    for hit in _bargaining().all(low, first, last):
        earlier, later = scene.beside[one.first]
        if hit.first >= one.right and (hit.value == "behind" or low[hit.first] == "en"):
            other = later is not None and later.last <= hit.first
            if not other and _BREAKS.isdisjoint(low[one.right : hit.first]):
                return True
        elif hit.value == "before" and hit.last <= one.left and low[hit.first - 1] != "se":
            if low[hit.first] == "vers" and hit.first > first and low[hit.first - 1] != ":":
                continue  # no title: "le virement vers une filiale"
            if earlier is not None and earlier.first > hit.first:
                continue  # "négocie un crédit de 40 milliards pour un apport de 30"
            made = (c for c in scene.cues if hit.last <= c.first < one.left and c.mood == "part")
            if _PARTS.isdisjoint(low[hit.last : one.left]) and not any(made):
                return True
    return False


def none_meant(scene: Scene) -> Iterator[Hit[str]]:
    """Deals that are denied as a whole: "aucun investissement de 5 milliards n'est prévu"."""
    low, last = scene.low, scene.sentence.last
    for cue in scene.cues:
        if cue.part != "n" or low[cue.first - 1] not in ("aucun", "aucune"):
            continue
        ne = next((k for k in range(cue.last, last) if low[k] in NE), last)
        if any(low[k].startswith(_MEANT) for k in range(ne + 1, min(ne + 1 + _PREDICATE, last))):
            yield Hit(cue.first - 1, cue.last, "denied")


def signs(scene: Scene) -> Iterator[Hit[str]]:
    """Clauses that make a sum hang on a deal which may still come about ("si le tour aboutit"), or
    that only ask whether it did ("on ignore si Nvidia a investi 2 milliards")."""
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    for k in range(first, last - 1):
        if not _opens(scene, k):
            continue
        before = low[k - 1] if k > first else ""
        if before in _ASKING and _moves_money(scene, k):
            yield Hit(k - 1, k + 1, "open")
        if "on" in low[k + 1 : k + 3] or before in _ASKED:
            continue  # "si l'on en croit", "même si" leave it as it is
        end = _comes_about(scene, k)
        if end is not None:
            yield Hit(k, end + 1, "pending")


#: Who is asked about, and how the verb before ends where it asks for what is to come.
_INVERTED = frozenset(("il", "elle", "ils", "elles", "on"))
_OPENERS = _BREAKS | {"«", '"'}
_CLOSERS = frozenset(("»", '"', ")"))
_TO_COME = ("ra", "ront", "va", "vont")


def asked(scene: Scene) -> Iterator[Hit[str]]:
    """What a question asks for ("investira-t-il"), what it only supposes ("et si Amazon ...")."""
    low, first, last = scene.low, scene.sentence.first, scene.sentence.last
    while last - 1 > first and low[last - 1] in _CLOSERS:
        last -= 1
    if low[last - 1] != "?":
        return
    for k in range(first, last - 1):
        if low[k] == "et" and low[k + 1] in IFS and (k == first or low[k - 1] in _OPENERS):
            yield Hit(k, k + 2, "hypothesis")
        elif low[k] == "-" and low[k + 1] in _INVERTED:
            verb = k - 3 if low[k - 1] == "t" else k - 1
            if verb >= first and low[verb].endswith(_TO_COME):
                yield Hit(verb, k + 2, "asked")


def condition(scene: Scene, verb: int) -> int | None:
    """Where the "si" of a verb's clause stands, if it opens a condition; None without one."""
    low = scene.low
    for k in range(verb - 1, scene.sentence.first - 1, -1):
        if low[k] in _BREAKS:
            return None
        if _opens(scene, k):
            before = low[k - 1] if k > scene.sentence.first else ""
            return None if before in _ASKING or before == "comme" else k
    return None


def _opens(scene: Scene, k: int) -> bool:
    low = scene.low
    return low[k] == "si" or (low[k] == "s'" and low[k + 1] in ("il", "ils"))


def _moves_money(scene: Scene, k: int) -> bool:
    """Whether the clause that begins at `k` says that a sum goes to somebody."""
    low = scene.low
    for one in scene.sums:
        inside = k <= one.left and _BREAKS.isdisjoint(low[k : one.left])
        if inside and any(
            cue.part == "v" and cue.sort in MOVING and k <= cue.first < one.left
            for cue in scene.cues
        ):
            return True
    return False


def _comes_about(scene: Scene, k: int) -> int | None:
    """The verb behind the "si" at `k` that says that a deal comes about, None for none."""
    low, last, (deals, stems) = scene.low, scene.sentence.last, _deals()
    breaks = (j for j in range(k + 1, last) if low[j] in _BREAKS)
    stop = min(next(breaks, last), k + _CLAUSE)
    about = next((j for j in range(k + 1, stop) if low[j] in deals), stop)
    end = next((j for j in range(about + 1, stop) if low[j].startswith(stems)), None)
    if end is None or not _DONE.isdisjoint(low[about + 1 : end]):
        return None
    return end if not low[end].startswith("fait") or low[end - 1] in ("se", "s'") else None
