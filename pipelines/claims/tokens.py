"""Text → tokens and sentences, with offsets into the text as given.

Typography is levelled one character for one character (apostrophes, spaces, dashes), so that every
token still points into the original text and no variant of the same sentence reads differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from pipelines.claims.record import record, replace

#: One character for one: what French typography varies and meaning does not.
_LEVEL = {
    **dict.fromkeys("’ʼ‘′`´", "'"),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007\u200a\u2002\u2003\u2008\u3000\t\r", " "),
    **dict.fromkeys("\u2010\u2011\u2212", "-"),
    **dict.fromkeys("—―", "–"),
    **dict.fromkeys("“„‟", "«"),
    "”": "»",
    **dict.fromkeys("·‣▪●", "•"),
    **dict.fromkeys("\u2028\u2029\u000b\u000c\u0085", "\n"),
}
_TYPOGRAPHY = str.maketrans(_LEVEL)

#: A token. Words come first, being most of a text, and those that are elided are known by their
#: first letter: what ignores case there is asked for every word.
_TOKEN = re.compile(
    r"""
    (
      [dljmnstcDLJMNSTC]'(?=\w)                   # elided words stand alone
    | [qQ][uU]'(?=\w) | [lpjqLPJQ](?i:orsqu|uisqu|usqu|uoiqu)'(?=\w)
    | [^\W\d_]+                                 # words; hyphens are tokens of their own
    | \d{1,3}(?:[ .']\d{3})+(?![\d])(?:,\d+)?   # 1 200   4.800   4'500   1 234,5
    | \d+(?:[.,]\d+)?                           # 12   6,6   1.5
    | \n[^\S\n]*(?:\n\s*)?                      # line end; a blank line is one token
    | \.\.+ | [^\w\s] | _
    )
    """,
    re.VERBOSE,
)

#: What news agencies write behind the name of a listed company: "Nvidia NVDA.O", "SoftBank 9984.T".
_EXCHANGE = re.compile(
    r"\.(?:AS|BR|DE|F|HE|HK|K|KQ|KS|L|MC|MI|N|O|OL|OQ|PA|PK|SS|ST|SW|SZ|T|TO|TW)(?![\w'])"
)
_SIGN = re.compile(r"[A-Z0-9]")
#: The word before such a sign: a name, after an elided article or not.
_NAME = re.compile(r"[A-ZÀ-Þ]\w*$|\w'[A-ZÀ-Þ]\w*$")
#: Letters and figures of such a sign before its full stop.
_LEAST_SIGN, _MOST_SIGN = 2, 6

#: Words before a full stop that does not end a sentence.
_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle dr pr st ste cf env no art vol av bd inc corp ltd co jr sr us vs "
    "etc".split()
)
_CLOSERS = frozenset(('"', "»", ")", "]", "'"))
_ENDERS = frozenset((".", "!", "?", "…", "..", "..."))
#: First characters of these and of line ends.
_STOPS = frozenset(".!?…\n")
#: No sentence of the press has more tokens; a text without full stops is cut here, so that what is
#: quadratic in a sentence stays linear in the text.
LONGEST = 150
#: A sentence with a figure, of at most so many tokens, is one with the next where that says what
#: the figure is: "Trente milliards. C'est ce qu'Anthropic vient d'encaisser."
_BARE = 16
_SCALES = ("milliard", "million", "md", "m€", "m$", "€", "$")
_THIS_IS = frozenset(
    (this, verb)
    for this, verbs in (("c'", ("est", "était")), ("ce", ("sont", "serait", "seraient")))
    for verb in verbs
) | frozenset((tel, verb) for tel in ("tel", "telle") for verb in ("est", "serait", "était"))
#: "41. En milliards de dollars, ce que SoftBank y aura mis."
_COUNTED_IN = frozenset(("milliards", "millions"))
_WHICH = frozenset("chèque enveloppe montant prix promesse prêt somme ticket".split())
#: What a figure that stands alone may be: "852 milliards. La valorisation d'OpenAI." So many tokens
#: at most, and words with which one begins.
_ALONE = 8
_MEASURES = _WHICH | frozenset(
    "apport commande contrat crédit dette emprunt engagement facture investissement levée mise "
    "tour valeur valorisation".split()
)
_THE = frozenset("la le l' sa son leur cette ce".split())
_COUNTING = frozenset(
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "vingt trente quarante cinquante soixante cent cents mille plus près environ quelque".split()
)
#: How long what stands between commas behind "c'est" is: "c'est, selon Bloomberg, le prix".
_ASIDE = 14
#: Characters with which most tokens begin, a name or a number that no list knows never: no capital
#: and no digit is among them.
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüœæ,.;:!?…'\"()[]«»-–/|%&$€£\n")
_CUTTABLE = re.compile(r"[^\W\d]|[,;:]")
_BULLETS = frozenset(("•", "–", "-", "*", "◦", "→", "○"))


def level(text: str) -> str:
    """`text` in one typography; same length, same offsets."""
    for variant, plain in _LEVEL.items():  # `str.translate` asks a table for every character
        text = text.replace(variant, plain)
    return text


def _unlisted(text: str) -> str:
    """`text` with blanks instead of the signs of listed companies behind their names, which part
    a name from what is said of it."""
    parts: list[str] = []
    done = 0
    for found in _EXCHANGE.finditer(text):
        first = stop = found.start()
        while stop - first <= _MOST_SIGN and first > done and _SIGN.match(text, first - 1):
            first -= 1
        if not _LEAST_SIGN <= stop - first <= _MOST_SIGN or text[first - 1] != " ":
            continue  # asked first: the space before the name may be far away
        name = text[text.rfind(" ", 0, max(first - 1, 0)) + 1 : first].strip(" «(")
        if _NAME.match(name):
            parts += (text[done:first], " " * (found.end() - first))
            done = found.end()
    return "".join((*parts, text[done:])) if parts else text


@record
class Sentence:
    """Token span of a sentence; `line` counts lines, `paragraph` counts blocks."""

    first: int
    last: int  # half open
    line: int
    paragraph: int
    bullet: bool = False


@dataclass(slots=True)
class Reading:
    """A text cut into tokens and sentences. Lists run in parallel, one entry a token."""

    text: str
    words: list[str] = field(default_factory=list)  # levelled, with case
    low: list[str] = field(default_factory=list)  # levelled, lower case
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    _seen: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)

    def slice(self, first: int, last: int) -> str:
        """Text of the tokens first..last, half open."""
        return self.text[self.starts[first] : self.ends[last - 1]] if first < last else ""

    def near(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return i > 0 and self.starts[i] == self.ends[i - 1]

    def seen(self) -> frozenset[str]:
        """Words with a capital inside sentences, where it says that they are names; sought when
        first asked for, which every other text never is."""
        if self._seen is None:
            self._seen = _seen(self)
        return self._seen

    def sees_as(self, other: Reading) -> bool:
        """Whether `other` has the same such words, if anything ever asked for them."""
        return self._seen is None or other.seen() == self._seen


#: Behind one of these a capital says nothing.
_APART = frozenset("«:–")


def _seen(reading: Reading) -> frozenset[str]:
    found: set[str] = set()
    for sentence in reading.sentences:
        first, last = sentence.first + 2, sentence.last
        before, words = reading.words[first - 1 : last - 1], reading.words[first:last]
        beside = zip(before, words, reading.low[first:last], strict=True)
        found.update([low for b, word, low in beside if word[0].isupper() and b not in _APART])
    return frozenset(found)


def words(phrase: str) -> list[str]:
    """Tokens of a phrase with their case, as `read` cuts them, without sentences and offsets."""
    # of something so short there are few characters to ask for
    return _TOKEN.findall(phrase.translate(_TYPOGRAPHY))


def read(text: str) -> Reading:
    """Cut `text`."""
    pieces = _TOKEN.split(_unlisted(level(text)))  # gaps and tokens by turns
    places = list(accumulate(map(len, pieces)))
    words = pieces[1::2]
    low = list(map(str.lower, words))
    reading = Reading(text, words, low, places[:-1:2], places[1::2])
    _cut(reading)
    return reading


def only(reading: Reading, sentences: Iterable[Sentence]) -> Reading:
    """`reading` with some of its sentences, their lines and paragraphs counted anew."""
    lines: dict[int, int] = {}
    blocks: dict[int, int] = {}
    kept = [
        replace(
            one,
            line=lines.setdefault(one.line, len(lines)),
            paragraph=blocks.setdefault(one.paragraph, len(blocks)),
        )
        for one in sentences
    ]
    return Reading(reading.text, reading.words, reading.low, reading.starts, reading.ends, kept)


def _cut(reading: Reading) -> None:
    words = reading.words
    count = len(words)
    first = line = paragraph = 0
    for i in [i for i, word in enumerate(words) if word[0] in _STOPS]:
        first = _shortened(reading, first, i, line, paragraph)
        word = words[i]
        if word[0] == "\n":
            if _told_next(reading, first, i):
                continue
            if word.count("\n") > 1 or not _runs_on(reading, first, i):
                _close(reading, first, i, line, paragraph)
                first = i + 1
                line += 1
                if word.count("\n") > 1:
                    paragraph += 1
        elif word in _ENDERS and _ends(reading, i) and not _told_next(reading, first, i):
            last = i + 1
            while last < count and words[last] in _CLOSERS and _closes(reading, last):
                last += 1
            _close(reading, first, last, line, paragraph)
            first = last
    first = _shortened(reading, first, count, line, paragraph)
    _close(reading, first, count, line, paragraph)


def _shortened(reading: Reading, first: int, last: int, line: int, paragraph: int) -> int:
    """Where what goes on from `first` to `last` begins once all that is too long was cut off."""
    i = first + LONGEST
    while i < last:
        if _CUTTABLE.match(reading.words[i]) or i - first >= 2 * LONGEST:
            _close(reading, first, i + 1, line, paragraph)
            first, i = i + 1, i + LONGEST
        i += 1
    return first


def _runs_on(reading: Reading, first: int, i: int) -> bool:
    """Whether the line break at `i` is a hard wrap inside a sentence, and ends no table's row."""
    if i == 0 or i + 1 >= len(reading.words) or "|" in reading.words[first:i]:
        return False
    before, after = reading.words[i - 1], reading.words[i + 1]
    return before not in _ENDERS and after[:1].islower() and before != ":" and before != ";"


def _closes(reading: Reading, i: int) -> bool:
    word = reading.words[i]
    return word != '"' or reading.near(i)


def _ends(reading: Reading, i: int) -> bool:
    """Whether the stop at `i` ends a sentence."""
    words, low = reading.words, reading.low
    after = i + 1
    while after < len(words) and words[after] in _CLOSERS:
        after += 1
    if after >= len(words) or words[after][0] == "\n":
        return True
    if reading.starts[after] == reading.ends[after - 1] and words[after - 1] not in _CLOSERS:
        return False
    word = words[i]
    start = words[after][0]
    if word == ".":
        before = words[i - 1] if i else ""
        if len(before) == 1 and before.isupper() and reading.near(i):
            return False
        if low[i - 1] in _ABBREVIATIONS and i and reading.near(i):
            return low[i - 1] == "etc" and start.isupper()
        return not start.islower()
    if word in ("…", "...", ".."):
        return start.isupper() and _dots_end(words, i)
    return not start.islower()


def _told_next(reading: Reading, first: int, i: int) -> bool:
    """Whether what goes on from `first` to the stop or line end at `i` is a figure that what
    follows explains."""
    low = reading.low
    if i - first > _BARE or i + 4 >= len(low) or low[i][0] not in ".\n":
        return False
    if low[i + 1] == "en" and low[i + 2] in _COUNTED_IN:
        return i - first == 1 and low[first][0].isdigit()
    begins = next((k + 1 for k in range(i - 1, first, -1) if low[k] == ":"), first)
    figure = low[begins:i]
    if not any(word.startswith(_SCALES) for word in figure):
        return False
    alone = len(figure) <= _ALONE and (figure[0][0].isdigit() or figure[0] in _COUNTING)
    if low[i][0] == "\n" and not alone:
        return False
    following = i + 1 + (low[i] == "." and low[i + 1][0] == "\n" and alone)
    nouns = _MEASURES if alone else _WHICH
    if tuple(low[following : following + 2]) in _THIS_IS:
        return _measured(low, _behind_aside(low, following + 2), nouns)
    if low[following] == "voilà":
        return _measured(low, following + 1, nouns)
    return alone and begins == first and _measured(low, following, nouns)


def _behind_aside(low: list[str], k: int) -> int:
    """Where it goes on behind what two commas enclose: "c'est, selon Bloomberg, le prix"."""
    if k >= len(low) or low[k] != ",":
        return k
    end = min(k + _ASIDE, len(low))
    return next((j + 1 for j in range(k + 1, end) if low[j] == ","), k)


def _measured(low: list[str], k: int, nouns: frozenset[str]) -> bool:
    """Whether at token `k` somebody begins to say what a figure is: "ce que", "la mise que"."""
    if low[k : k + 2] in (["ce", "que"], ["ce", "qu'"]):
        return True
    return k + 1 < len(low) and low[k] in _THE and low[k + 1] in nouns


def _dots_end(words: list[str], i: int) -> bool:
    """Dots that lead from a name to its figure ("Amazon ...... 13") end nothing."""
    return i > 0 and words[i - 1][0] != "\n"


def _close(reading: Reading, first: int, last: int, line: int, paragraph: int) -> None:
    while first < last and reading.words[first][0] == "\n":
        first += 1
    while last > first and reading.words[last - 1][0] == "\n":
        last -= 1
    if first < last:
        bullet = reading.words[first] in _BULLETS and last - first > 1
        sentences = reading.sentences
        if bullet and sentences and sentences[-1].line == line:
            bullet = False
        sentences.append(Sentence(first, last, line, paragraph, bullet))
