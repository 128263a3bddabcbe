"""Questions that ask how much, read as one sentence with an answer that gives no more than a
figure: "Combien Amazon met-il dans OpenAI ? 50 milliards de dollars."

The question says who pays whom, the answer how much: apart they are no claim.
"""

from __future__ import annotations

from pipelines.claims import amounts, tokens
from pipelines.claims.record import replace
from pipelines.claims.tokens import Reading, Sentence

_WHICH = frozenset(("quel", "quelle"))
#: What is asked for with "quel".
_MEASURES = frozenset(
    "apport chèque engagement enveloppe investissement mise montant part participation prix somme"
    " ticket valeur valorisation".split()
)
#: How far behind "quel" they stand: "à quelle hauteur", "quel est le montant".
_NEAR = 4
#: Before a company that no capital gives away: "combien vaut la start-up".
_DEFINITE = frozenset("le la l' les du des au aux ce cet cette son sa leur".split())
#: What may stand before the figure of an answer, but for how exact it is.
_LEADS = frozenset("– - « \" : r réponse de d' à au total en tout c' est ce serait".split())
_CLOSERS = frozenset(("»", '"', ")", "\n"))


def read(text: str) -> Reading:
    """`tokens.read`, each such question in one sentence with its answer."""
    reading = tokens.read(text)
    if "?" in reading.low:
        reading.sentences = _joined(reading)
    return reading


def _joined(reading: Reading) -> list[Sentence]:
    out: list[Sentence] = []
    for sentence in reading.sentences:
        if out and _asks_how_much(reading, out[-1]) and _answers(reading, sentence):
            sentence = replace(sentence, first=out.pop().first)
        out.append(sentence)
    return out


def _asks_how_much(reading: Reading, sentence: Sentence) -> bool:
    """Whether a question asks for the money of somebody whom it names itself."""
    low, first, last = reading.low, sentence.first, sentence.last
    while last > first and low[last - 1] in _CLOSERS:
        last -= 1
    if low[last - 1] != "?":
        return False
    for k in range(first, last - 1):
        if low[k] == "combien":
            behind = low[k + 1 : k + 3]
            of_what = behind[0] in ("de", "d'")  # "combien de temps", "combien de puces"
            return not of_what and "-" not in behind and _names(reading, k + 1, last)
        if low[k] in _WHICH and not _MEASURES.isdisjoint(low[k + 1 : k + 1 + _NEAR]):
            return _names(reading, k + 1, last)
    return False


def _names(reading: Reading, first: int, last: int) -> bool:
    """Whether somebody is named, not "un homme" or "il" alone."""
    return any(word[0].isupper() or word in _DEFINITE for word in reading.words[first : last - 1])


def _answers(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence begins with a sum: "Près de 50 milliards, selon Reuters."."""
    start = next(
        (k for k in range(sentence.first, sentence.last) if reading.low[k] not in _LEADS),
        sentence.last,
    )
    found = amounts.find(reading, sentence)
    return bool(found) and not found[0].bare and found[0].left <= start
