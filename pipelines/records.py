"""Every record and every closed word list of veille, on one page.

    outlet → page → article → verdict → claims → change → alert → delivery

A record is frozen and named for its moment on that way. Money is an integer in units of currency,
a time is an aware `datetime` (compared as an instant), a span is a pair of code points into the
stored text, half open. "Source" is whom an article credits, "outlet" is who publishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pipelines.money import Amount

Kind = Literal["investment", "round", "valuation", "commitment", "debt"]
Certainty = Literal["rumoured", "confirmed", "denied"]
Stage = Literal["considered", "talks", "announced", "completed", "denied"]
ValuationBasis = Literal["private", "secondary", "ipo"]
Instrument = Literal["loan", "bond", "credit_line"]
Basis = Literal["entry", "page"]
Policy = Literal["probe", "feed", "off"]
Sameness = Literal["new", "revision", "copy", "unchanged"]
Role = Literal["subject", "investor", "partner", "rival", "project", "lender", "other"]
Label = Literal[
    "new",
    "amount_up",
    "amount_down",
    "confirmed",
    "denied",
    "contradiction",
    "new_investor",
    "corrected",
    "quiet",
    "held",
    "corroborated",
    "stale",
    "backfilled",
    "part",
    "sum_line",
    "unchanged",
    "reread",
]
#: What came of a question to the second reader: the first two are final, the others no opinion
#: (it answered something else; it did not answer).
Opinion = Literal["agrees", "disagrees", "unusable", "failed"]
DeliveryState = Literal["queued", "leased", "sent", "retry", "dead", "digested", "muted"]

#: Labels that make a message of their own; the others are stored (quiet and held: told by digests).
ALERTING: frozenset[Label] = frozenset(
    (
        "new",
        "amount_up",
        "amount_down",
        "confirmed",
        "denied",
        "contradiction",
        "new_investor",
        "corrected",
    )
)

#: Rule of the outcome of an article that told of a deal nobody knew, found when it was old news.
FOUND_LATE = "A0 older than the news"

#: Longest quote that is stored, sent or shown, in code points (outlets/etiquette: short extract).
QUOTE_LIMIT = 280


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of an outlet, as the catalogue has it."""

    url: str
    section: str = "all"
    status: str = "unverified"


@dataclass(frozen=True, slots=True)
class Outlet:
    """A title that publishes: one table of the catalogue."""

    id: str
    name: str
    home: str
    policy: Policy
    enabled: bool = True
    feeds: tuple[Feed, ...] = ()  # in order of trust; sitemaps and listing are tried after them
    sitemaps: tuple[str, ...] = ()
    listing: str | None = None
    language: str = "fr"
    country: str = "FR"
    tier: int = 2  # 1 well known, 2 weaker evidence, 3 never alerts alone at once
    group: str = ""  # owner; outlets of one group are one voice. Empty: its own id
    licence: bool = False  # the publisher demands a licence for monitoring
    ai_reserved: bool = False  # text never goes to a model, not even the user's own
    satire: bool = False
    take: Literal["relevant", "all"] = "relevant"  # which article pages are fetched
    pace_seconds: float | None = None  # least gap between requests; None: the configuration's
    every_minutes: int | None = None  # fixed gap between checks; None: adaptive

    @property
    def voice(self) -> str:
        """Owner group whose outlets count as one independent voice."""
        return self.group or self.id


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed, a sitemap or a listing shows of an article, before its page is fetched."""

    outlet: str
    url: str  # cleaned, absolute
    title: str
    summary: str  # plain text, at most 280 code points; "" when none
    published: datetime | None
    updated: datetime | None
    found_in: str  # URL of the feed, sitemap or listing


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as fetched. `url` is the one asked for, `final_url` the one that answered."""

    outlet: str
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case, in order
    body: bytes
    fetched: datetime
    entry: Entry | None = None  # what led here; its dates go before the page's own


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a live blog: its span in the article's text."""

    published: datetime | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """Cleaned text and metadata of one version of one page (or of a feed entry)."""

    url: str  # as found: the key of a revision
    canonical_url: str
    outlet: str
    title: str
    text: str  # title is not part of it; paragraphs parted by blank lines
    published: datetime | None  # None: no source gave a date
    modified: datetime | None = None  # None: never changed, or not said
    authors: tuple[str, ...] = ()  # people, not the publisher
    language: str | None = None  # ISO 639-1
    wire: str | None = None  # agency credited: AFP, Reuters ...
    paywalled: bool = False
    basis: Basis = "page"
    posts: tuple[Post, ...] = ()  # of a live blog, in order of the text
    dated_by: str = ""  # which source of the publication date won: entry, json-ld, htmldate ...

    @property
    def at(self) -> datetime | None:
        """When the outlet said it: the modification of a revision, else the publication."""
        return self.modified or self.published


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the text is known already."""

    sameness: Sameness
    previous: int | None = None  # article id of the version before this one, same URL
    copy_of: int | None = None  # article id of the earliest text that this one repeats
    share: float | None = None  # containment of the shorter text's shingles, 0 to 1, of a copy
    repeated_by: tuple[tuple[int, float], ...] = ()  # (article, share) of texts published later


@dataclass(frozen=True, slots=True)
class Claim:
    """What one article asserts about money: it flows payers → payee."""

    kind: Kind
    payers: tuple[str, ...]  # canonical names, in order of the text; () when none is named
    payee: str
    amount: Amount
    certainty: Certainty
    stage: Stage
    sources: tuple[str, ...] = ()  # whom the text credits; () for its own voice
    background: bool = False
    additional: bool = False  # the sum comes on top of what is known
    valuation_basis: ValuationBasis | None = None
    instrument: Instrument | None = None
    years: int | None = None  # length of a commitment
    confidence: float = 1.0  # 0 to 1, share of such claims that are right
    amount_text: str = ""
    amount_start: int | None = None  # code points into the text; None when not found
    quote: str | None = None  # the sentence, cut to 280; None once the text is gone
    start: int | None = None  # of the quote
    end: int | None = None
    rule: str = ""  # what fired
    due: date | None = None  # last day by which a rumour says that it will be settled; not printed
    bond: str | None = None  # claims that a person has said are of one deal share it


@dataclass(frozen=True, slots=True)
class Posting:
    """One version of one article, as the ledger sees it."""

    article: int  # id of the stored version
    url: str  # same URL: revisions of one page
    outlet: str
    voice: str  # key of the independent voice: syndication group, wire or owner
    published: datetime
    at: datetime  # modification time of a revision, else published; fold order is (at, url)
    seen: datetime
    recorded: datetime
    title: str
    basis: Basis
    claims: tuple[Claim, ...]
    claim_sentences: tuple[str | None, ...] = ()  # hash of each claim's sentence, None unknown
    sentences: frozenset[str] | None = None  # hashes of all sentences of the text; None unknown
    shingles: int | None = None  # number of shingles of the text; None unknown
    tier: int = 2
    satire: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of a deal at a moment: before or after of a change."""

    amount: tuple[int | None, int | None]
    currency: str
    qualifier: str
    certainty: Certainty
    stage: Stage
    contested: tuple[tuple[tuple[int | None, int | None], tuple[str, ...]], ...] = ()
    pre_money: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Who says a figure: "30 médias, 2 origines"."""

    outlets: int
    independent: int
    origins: tuple[str, ...]  # sources at the end of the credit chains, in order of first credit


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome of posting claims of one family of one article."""

    label: Label
    also: tuple[Label, ...]  # weaker labels of the same move, sorted
    alert: bool
    deal: str  # id of the deal
    kind: Kind
    payers: tuple[str, ...]
    payee: str
    before: Figure | None
    after: Figure | None  # None only for quiet
    article: int | None  # id of the stored version; None for quiet
    claims: tuple[int, ...]  # zero-based positions in the article's claims
    rule: str  # section of the ledger's rules that gave it
    corroboration: Corroboration = Corroboration(0, 0, ())
    corrects: int | None = None  # id of the change that this one takes back


@dataclass(frozen=True, slots=True)
class Deal:
    """What is believed now about one sum of money."""

    id: str  # hash of the family, URL and amount text of the first claim
    aliases: tuple[str, ...]
    kind: Kind
    payers: tuple[str, ...]
    payee: str
    figure: Figure
    first: datetime
    last: datetime
    superseded: tuple[tuple[int | None, int | None], ...]
    parts: tuple[tuple[int | None, int | None], ...]
    corroboration: Corroboration


@dataclass(frozen=True, slots=True)
class Alert:
    """A rendered article's changes, or a digest of several, for one channel."""

    key: str  # stable: the idempotency key of its delivery
    channel: str
    subject: str
    text: str
    html: str | None
    payload: str  # JSON of the changes, for machines
    thread: tuple[str, ...] = ()  # keys of messages and deals that it follows, oldest first


@dataclass(frozen=True, slots=True)
class Company:
    """A company of a watch and all the ways in which the press names it."""

    name: str  # canonical short name
    role: Role
    aliases: tuple[str, ...] = ()  # other proper names, matched with their case
    periphrases: tuple[str, ...] = ()  # "le géant du e-commerce", matched without case
    ambiguous: tuple[
        str, ...
    ] = ()  # periphrases that several companies share: one candidate or none
    watched: bool = True  # False: known by name, but its deals with others are not followed


@dataclass(frozen=True, slots=True)
class Watch:
    """Whose money is watched, and from which confidence on a claim alerts."""

    name: str
    companies: tuple[Company, ...]
    least_confidence: float = 0.85  # below: stored for review, not alerted
    words: tuple[str, ...] = ()  # further words that make an entry worth its page
