"""Whether a text is known already: unchanged, a revision, a copy of another one, or new.

Theory of operation
-------------------
*Observation.* The press repeats itself in four ways: the same text (syndication), a wire text cut
to its first paragraphs, a paywalled teaser of a text that stands free elsewhere, and a text whose
words somebody touched up. In each the shorter text lies, mostly, inside the longer one. So the
measure is **containment**: the share of the shorter text's shingles that the longer one has too.
Similarity of whole texts (SimHash, Jaccard) fails on cuts; see docs/adr/0004-reading-pages.md.

*Shingles.* Runs of `SHINGLE` words (letters and digits, case folded), hashed to 63 bits with
blake2b, so that the hash is the same in every process and fits SQLite's INTEGER.

*Sample.* A shingle is sampled when its hash is divisible by the text's rate: 1 for briefs, 2 for
short texts, 4 for long ones. Which ones are sampled depends on the shingle and the rate alone: two
texts sample the same shingles of what they share, at the coarser of their rates, hence

    containment ≈ sampled shingles in common / sampled shingles of the shorter text at that rate

and a short teaser is found inside a text of any length. (Bottom-k and MinHash estimate the
likeness of whole texts: the teaser's k smallest are not among the long text's.) A stored text's
count at a coarser rate than its own is estimated from its count at its own.

*Look-up.* Table `shingle(hash, article)`, PRIMARY KEY (hash, article), WITHOUT ROWID, of the last
45 days. One look-up by primary key for each sampled hash: the cost of an article depends on
its own length alone. A hash that `POPULAR` articles have already is looked up but not stored
again (set phrases, boilerplate, a wire text that everybody prints): the earliest articles, the ones
that a copy is a copy of, are kept, and no hash costs more than `POPULAR` rows. Of a million
articles half of the hashes are such; counting them as missing would hide every edited copy. So
the index says what it cannot tell: of an article stored before the first or after the last of a
hash that is full nobody knows whether it has it, and that hash counts neither way (`untold`).

*Judgement.* Texts of different authors on one story share quotations, names and set phrases:
containment up to `OTHERS`. A sample estimates it with the error of a draw, so a candidate is a copy
when it shares more sampled shingles than such a pair does by chance (`CHANCE` standard deviations
above), and `COPY_SHARE` of them or more: 7 of 15 for a teaser of 60 words in a long article, 40 of
100 for an article. Equal hashes of the whole normalised text are a copy at any length. A text of
the same URL is never a copy of its own earlier version: the caller leaves those out of `near` and
gives the newest one as `previous`.

*Groups.* Two texts are alike or not, whichever was found first. A text repeats the earliest of
those alike that were published before it, and speaks with the voice of what that one repeats: so
the groups follow from the texts and their dates alone, and an article made of two strangers is of
the earlier one's group in any order of arrival. The caller gives `near` in order of publication; a
text that turns out to come before others is named as what they repeat (`repeated_by`), and the
store decides whether it is earlier than what they repeated until then.

*Scheme.* A stored sample means something only beside samples made the same way: `SCHEME` changes
with `SHINGLE`, the rates, the normalisation or the hash, and stored rows of another scheme are
ignored by the caller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt
from typing import Final

from pipelines.records import Verdict

#: Version of the signature: raise it with any change of what `sign` computes.
SCHEME: Final = 2
#: Words in a shingle. Of three, a word in ten replaced leaves 0.9**3 = 73 % of them.
SHINGLE: Final = 3
#: One shingle in so many is sampled of a text of more than `BRIEF` shingles, and of one of more
#: than `SHORT`: 150 of a brief at most, 150 of an article of 600 words.
FINE: Final = 2
COARSE: Final = 4
#: Shingles of a brief: a third of it, edited, has too few to leave any out. It has no more rows in
#: the index than a short text.
BRIEF: Final = 150
#: Shingles of a short text: those of an agency's text before anybody adds to it. With 300 three
#: halves in a hundred of a text of 320 words, edited, were lost among 100,000 articles, now one.
SHORT: Final = 400
#: Containment of the most alike pair of different articles on one story; measured 0.24 on the
#: bundled press (its next pair 0.15), 0.23 on real articles.
OTHERS: Final = 0.23
#: Standard deviations above what such a pair shares by chance. Pairs that alike are one in
#: hundreds, and one in forty of those passes the bar of a short text. At 3.0, one in sixty copies
#: cut to a third with a word in ten replaced was lost.
CHANCE: Final = 2.0
#: Least containment of a copy however long the texts. With a word in ten replaced it is 0.73 on
#: average, with one in five 0.51; two newspapers that quote one agency at length have 0.32.
COPY_SHARE: Final = 0.40
#: Least number of sampled shingles in common: a phrase of a quotation is no copy.
LEAST_SHARED: Final = 5
#: Words of a text that are sampled: the longest articles of the press have 10,000, and what is
#: longer is a hostile page that would fill the index.
WORDS: Final = 20_000
#: Rows stored at most for one hash.
POPULAR: Final = 64

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text to recognise it by."""

    exact: str  # hash of all words in order, 32 hexadecimal digits
    scheme: int
    shingles: int  # number of different shingles
    sample: tuple[int, ...]  # sampled hashes, 63 bits, ascending


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored article of another URL that shares sampled hashes, or the version before."""

    article: int  # id
    exact: str
    shingles: int
    sample_size: int  # number of its hashes in the index
    shared: int  # how many of them the judged text has too
    untold: tuple[int, ...] = ()  # hashes of the judged text of which the index cannot tell
    fine: int | None = None  # how many of its hashes a short text would sample too; None: unknown
    coarse: int | None = None  # and how many a long one
    later: bool = False  # published after the judged text


def sign(text: str) -> Signature:
    """The signature of `text`."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    encoded = " ".join(words).encode("utf-8", "surrogatepass")
    head = words[:WORDS]
    runs = set(map(" ".join, zip(*(head[start:] for start in range(SHINGLE)), strict=False)))
    rate = _rate(len(runs))
    hashes = map(_hash, runs)
    return Signature(
        exact=blake2b(encoded, digest_size=16).hexdigest(),
        scheme=SCHEME,
        shingles=len(runs),
        sample=tuple(sorted([h for h in hashes if h % rate == 0])),
    )


def _rate(shingles: int) -> int:
    if shingles <= BRIEF:
        return 1
    return FINE if shingles <= SHORT else COARSE


def _hash(run: str) -> int:
    digest = blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def containment(signature: Signature, candidate: Candidate) -> float:
    """Estimated share of the shorter text's shingles that stand in the longer one."""
    if signature.exact == candidate.exact:
        return 1.0
    drawn = _drawn(signature, candidate)
    return min(1.0, candidate.shared / drawn) if drawn else 0.0


def _drawn(signature: Signature, candidate: Candidate) -> float:
    """Sampled shingles of the shorter text, at the coarser of the two rates, that can be told."""
    own = _rate(candidate.shingles)
    rate = max(_rate(signature.shingles), own)
    if signature.shingles > candidate.shingles:
        return _held(candidate, rate)
    told = sum(value % rate == 0 for value in signature.sample)
    told -= sum(value % rate == 0 for value in candidate.untold)
    # of two texts of one length neither is the shorter: the answer is the same from either side
    same = signature.shingles == candidate.shingles
    return min(told, _held(candidate, rate)) if same else told


def _held(candidate: Candidate, rate: int) -> float:
    """Hashes of a stored text at a rate: counted, or estimated from its count at its own."""
    own = _rate(candidate.shingles)
    if rate == own:
        return candidate.sample_size
    counted = candidate.fine if rate == FINE else candidate.coarse
    return candidate.sample_size * own / rate if counted is None else counted


def judge(
    signature: Signature, near: Sequence[Candidate], *, previous: Candidate | None = None
) -> Verdict:
    """What the text of `signature` is, beside `near` (other URLs, earliest first) and `previous`.

    An empty text copies nothing: that two pages could not be read does not make them one.
    """
    if previous is not None and previous.exact == signature.exact:
        return Verdict("unchanged", previous=previous.article)
    alike = [c for c in near if c.later and signature.shingles and _is_copy(signature, c)]
    earlier = (c for c in near if not c.later and signature.shingles and _is_copy(signature, c))
    original = next(earlier, None)
    return Verdict(
        sameness="revision" if previous else "copy" if original else "new",
        previous=previous.article if previous else None,
        copy_of=original.article if original else None,
        share=round(containment(signature, original), 3) if original else None,
        repeated_by=tuple((c.article, round(containment(signature, c), 3)) for c in alike),
    )


def _is_copy(signature: Signature, candidate: Candidate) -> bool:
    if signature.exact == candidate.exact:
        return True
    drawn = _drawn(signature, candidate)
    chance = OTHERS * drawn + CHANCE * sqrt(OTHERS * (1 - OTHERS) * drawn)
    return candidate.shared >= max(LEAST_SHARED, COPY_SHARE * drawn, chance)
