"""Which characters the bytes of a page stand for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
#: Bytes in which a declaration is looked for: browsers look at 1024, late ones are common.
DECLARATION_BYTES: Final = 4096
#: More bad sequences than one in so many bytes, and "UTF-8" is a false label.
BAD_UTF8: Final = 2000
#: What browsers read for these labels (WHATWG Encoding): pages say latin-1 and use its euro sign.
_WEB_LABELS: Final = dict.fromkeys(
    ("iso8859-1", "ascii", "iso8859-15", "cp1252", "latin-1"), "cp1252"
) | {"iso8859-15": "iso8859-15"}


def decode(body: bytes, headers: Sequence[tuple[str, str]] = ()) -> str:
    """`body` as text, whatever it says of itself.

    Bytes that are valid UTF-8 are UTF-8: no other encoding of French gives that by chance, and
    wrong labels are common. Then BOM, HTTP header, declaration in the page, windows-1252.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for label in _labels(body, headers):
        if label == "utf-8":
            text = body.decode("utf-8", "replace")
            if text.count("\ufffd") * BAD_UTF8 <= len(body):
                return text
            continue
        return body.decode(label, "replace")
    return body.decode("cp1252", "replace")


def _labels(body: bytes, headers: Sequence[tuple[str, str]]) -> list[str]:
    """Python's names of the encodings declared, in order of authority; unknown ones left out."""
    said: list[str] = []
    for name, value in headers:
        if name.lower() == "content-type" and (match := _HEADER.search(value)):
            said.append(match[1])
    for pattern in (_XML, _META):
        if found := pattern.search(body[:DECLARATION_BYTES]):
            said.append(found[1].decode("ascii", "ignore"))
    known: list[str] = []
    for label in said:
        try:
            codec = codecs.lookup(label)
        except (LookupError, ValueError):
            continue
        # codecs such as "hex" or "rot13" are no character sets
        if getattr(codec, "_is_text_encoding", True) and not codec.name.startswith("utf-16"):
            known.append(_WEB_LABELS.get(codec.name, codec.name))
    return known
