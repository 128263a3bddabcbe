"""Sentences of a French text, normalised so that the same sentence has the same hash everywhere.

Used to tell whether a sentence of a revision is new. Typography does not count (quotes, dashes,
no-break spaces, case, soft hyphens), nor do commas; words and figures do.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from typing import Final

#: Bytes of a sentence hash: 64 bits make a collision among 10**6 sentences a 1 in 10**7 event.
HASH_BYTES: Final = 8

#: Words whose full stop does not end a sentence.
ABBREVIATIONS: Final = frozenset(
    (
        "m",
        "mm",
        "mme",
        "mmes",
        "mlle",
        "dr",
        "pr",
        "me",
        "mgr",
        "st",
        "ste",
        "cf",
        "ex",
        "env",
        "av",
        "art",
        "vol",
        "p",
        "pp",
        "n",
        "no",
        "tél",
        "etc",
        "éd",
        "jan",
        "janv",
        "fév",
        "févr",
        "avr",
        "juil",
        "sept",
        "oct",
        "nov",
        "déc",
        "corp",
        "inc",
        "ltd",
        "co",
        "vs",
        "boul",
        "hab",
    )
)

_TYPOGRAPHY: Final = (
    *(("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("«", '"'), ("»", '"')),
    *(("–", "-"), ("—", "-"), ("…", "..."), ("\u00ad", ""), ("\u200b", ""), ("\ufeff", "")),
)
#: An end mark with what closes behind it, then a space, then what may open a sentence.
_END: Final = re.compile(
    r"[.!?…]+(?:\s?[»”\"')\]])*(?=\s+[«“\"'(\[–—-]?\s?[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ0-9])"
)
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)$")
_SPACED_QUOTE: Final = re.compile(r'\s*"\s*')
#: A page is edited by a comma and says nothing new; the comma of a figure is followed by a digit.
_COMMA: Final = re.compile(r"\s*,(?!\d)")
_SPACED_MARK: Final = re.compile(r"\s+(?=[?!:;%])")


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Code-point spans of the sentences of `text`, without the spaces around them."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        cuts = [m.end() for m in _END.finditer(text, start, end) if _ends(text, m)]
        for cut in [*cuts, end]:
            piece = text[start:cut]
            if piece.strip():
                left = start + len(piece) - len(piece.lstrip())
                found.append((left, start + len(piece.rstrip())))
            start = cut
    return tuple(found)


def _ends(text: str, mark: re.Match[str]) -> bool:
    if mark.group() != ".":
        return True
    word = _LAST_WORD.search(text, max(0, mark.start() - 12), mark.start())
    if word is None:
        return True
    # an initial ("J. Dupont") or an abbreviation ("Mme. Martin") goes on
    initial = len(word[1]) == 1 and word[1].isupper()
    return not initial and word[1].lower() not in ABBREVIATIONS


def normalised(sentence: str) -> str:
    """`sentence` without what typesetting changes: case, spaces, quotes, dashes, commas."""
    plain = unicodedata.normalize("NFKC", sentence)
    for sign, simple in _TYPOGRAPHY:  # ten times as fast as `str.translate` beyond ASCII
        plain = plain.replace(sign, simple)
    plain = plain.casefold()
    plain = _SPACED_MARK.sub("", _SPACED_QUOTE.sub('"', plain))
    return " ".join(_COMMA.sub(" ", plain).split())


def sentences(text: str) -> tuple[str, ...]:
    """The normalised sentences of `text`, in order, repetitions kept."""
    return tuple(normalised(text[start:end]) for start, end in spans(text))


def sentence_hash(sentence: str) -> str:
    """Hash of a sentence, normalised or not: 16 hexadecimal digits."""
    plain = normalised(sentence).encode("utf-8", "surrogatepass")
    return blake2b(plain, digest_size=HASH_BYTES).hexdigest()
