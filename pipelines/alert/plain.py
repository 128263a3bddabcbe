"""What a page says is text: nothing in it moves a cursor, breaks a line or opens a header."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

#: Controls (C0, C1, delete), separators U+2028 and U+2029, marks that turn the reading direction,
#: zero-width and byte-order marks, language tags: invisible, and able to disguise what is read.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("[ \t]{2,}")

#: What may stand unescaped in the path, query and fragment of a link.
_SAFE_IN_URL = "/?:@!$&'()*+,;=-._~%#[]"
#: Words at the start and at the end of a quote that tell its place in a page.
FRAGMENT_WORDS = 5
#: Longest text fragment: ten words are 60 to 200 characters, accents and spaces quoted.
FRAGMENT_LIMIT = 600
#: A quote this close to its limit was cut, maybe in the middle of a word.
CUT_QUOTE = 275


def clean(text: str) -> str:
    """`text` on one line, as UTF-8 can carry it, without what a reader cannot see."""
    text = _SURROGATE.sub("\ufffd", text)
    return _SPACES.sub(" ", _UNSAFE.sub(" ", text)).strip()


def cut(text: str, limit: int) -> str:
    """At most `limit` code points, cut at a space where there is one near."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    space = short.rfind(" ", limit // 2)
    return f"{short[:space] if space > 0 else short}…"


def link(url: str) -> str:
    """`url` when a reader may open it, quoted so that no markup can end it; else ""."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9._:-]+", host):
        return ""
    host = f"[{host}]" if ":" in host else host
    rest = (_quoted(part) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host + port, *rest))


def _quoted(text: str) -> str:
    return quote(text, safe=_SAFE_IN_URL, errors="replace")


def link_to(url: str, sentence: str | None) -> str:
    """The link opened at the sentence, in browsers that know text fragments."""
    target = link(url)
    if not target or not sentence:
        return target
    words = [found.span() for found in re.finditer(r"\S+", sentence)]
    if len(sentence) >= CUT_QUOTE:
        words = words[:-1]
    if not words:
        return target
    if len(words) <= 2 * FRAGMENT_WORDS:
        pieces = [sentence[words[0][0] : words[-1][1]]]
    else:
        first, last = words[FRAGMENT_WORDS - 1][1], words[-FRAGMENT_WORDS][0]
        pieces = [sentence[words[0][0] : first], sentence[last : words[-1][1]]]
    directive = ",".join(_directive(piece) for piece in pieces)
    if len(directive) > FRAGMENT_LIMIT:
        return target
    return f"{target}{'' if '#' in target else '#'}:~:text={directive}"


def _directive(text: str) -> str:
    # "-" and "," are syntax of a text directive; quote() leaves the first as it is
    return quote(clean(text), safe="", errors="replace").replace("-", "%2D")
