"""From a page to the outbox: the only file that knows the order of the steps.

    prepare(page | entry)   read, find, sign        pure: runs in a worker process, no database
    keep(prepared)          store it unposted       what a first run gathers
    take(prepared)          judge, post, outbox     one transaction
    post_prepared()         take all that was kept, in order of publication, some at a time

A kill between any two of them leaves rows from which the next run goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines import duplicate, posting
from pipelines.alert.policy import is_queued
from pipelines.duplicate import Signature
from pipelines.records import Article, Change, Claim, Entry, Outlet, Page, Verdict, Watch
from pipelines.sentences import sentence_hash, spans
from pipelines.shapes import (
    Json,
    article_from_json,
    article_to_json,
    claim_to_json,
    kept_from_json,
    kept_to_json,
    moment,
    when,
)

if TYPE_CHECKING:
    from pipelines.store import Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that is read but not yet posted. Picklable, and JSON-able for the store."""

    article: Article
    claims: tuple[Claim, ...]
    claim_sentences: tuple[str | None, ...]  # hash of each claim's sentence, None unknown
    held: frozenset[int]  # positions of claims too uncertain to post
    sentences: tuple[str, ...]  # hashes
    signature: Signature
    extractor: str  # version of the claim reader, or "given"
    seen: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What posting one article did."""

    article: int | None  # id of the stored version; None: it was known already, or forgotten
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where the changes of a posting are told: names of channels and the mode of their messages."""

    channels: tuple[str, ...] = ()
    mode: str = "immediate"


SILENT = Route()
#: What dates an article that bears no date: the fetch.
SEEN = "seen"
#: Tier of an outlet that the catalogue does not have (an import): neither trusted nor muted.
UNKNOWN_TIER = 2
#: Kept articles that are posted in one transaction. Each changes many pages of the index of copies:
#: one by one, the posting of 480 articles wrote 370 MB, by eights 160 MB, so it writes 30 MB.
TOGETHER = 32


def prepare(found: Page | Entry, watches: Sequence[Watch], seen: datetime) -> Prepared:
    """Read a page or a feed entry and find its claims."""
    from pipelines import article as reader  # trafilatura: whoever posts does without it

    article = reader.read(found) if isinstance(found, Page) else reader.from_entry(found)
    return prepare_article(article, watches, seen)


def prepare_article(article: Article, watches: Sequence[Watch], seen: datetime) -> Prepared:
    """Find the claims of an article that is read already (an import, a replay)."""
    from pipelines import claims

    article = _dated(article, seen)
    found: list[Claim] = []
    held: set[int] = set()
    for watch in watches:
        for claim in find(article, watch):
            if claim in found:
                continue
            if claim.confidence < watch.least_confidence:
                held.add(len(found))
            found.append(claim)
    return _prepared(article, tuple(found), frozenset(held), claims.VERSION, seen)


def prepare_given(article: Article, given: Sequence[Claim], seen: datetime) -> Prepared:
    """An article whose claims are taken as they stand (`import --claims`)."""
    return _prepared(article, tuple(given), frozenset(), "given", seen)


def find(article: Article, watch: Watch) -> tuple[Claim, ...]:
    from pipelines import claims  # all its words: whoever posts does without them

    return claims.find(
        article.text,
        watch,
        title=article.title,
        posts=article.posts,
        published=article.published,
    )


def _prepared(
    article: Article,
    found: tuple[Claim, ...],
    held: frozenset[int],
    extractor: str,
    seen: datetime,
) -> Prepared:
    article = _dated(article, seen)
    whole = f"{article.title}\n\n{article.text}"
    return Prepared(
        article=article,
        claims=found,
        claim_sentences=tuple(_sentence_of(claim, article) for claim in found),
        held=held,
        sentences=tuple(sorted({sentence_hash(whole[a:b]) for a, b in spans(whole)})),
        signature=duplicate.sign(article.text),
        extractor=extractor,
        seen=seen,
    )


def _dated(article: Article, seen: datetime) -> Article:
    """What bears no date is of the day on which it was fetched."""
    if article.published is None:
        return replace(article, published=seen, dated_by=SEEN)
    return article


def _sentence_of(claim: Claim, article: Article) -> str | None:
    """Hash of the sentence that states the claim; the title's for a claim of the title alone."""
    if claim.amount_start is None:
        return sentence_hash(claim.quote) if claim.quote else None
    for start, end in spans(article.text):
        if start <= claim.amount_start < end:
            return sentence_hash(article.text[start:end])
    return None


def take(
    prepared: Prepared,
    store: Store,
    *,
    outlet: Outlet | None,
    now: datetime,
    route: Route = SILENT,
    live: bool = False,
    first_run: bool = False,
) -> Taken:
    """Judge and post one article; everything it causes is one transaction.

    `outlet`: None when the catalogue does not have it (an import). `live`: the page was just
    fetched, so that a changed text without a later date of its own is dated by the fetch.
    """
    with store.transaction():
        article = prepared.article
        if store.articles.forgotten(article.url, urlsplit(article.url).hostname or ""):
            return Taken(None)
        if _adds_nothing(prepared, store):
            return Taken(None)
        prepared, verdict = _judge(prepared, store, live)
        if verdict.sameness == "unchanged":
            _sight(prepared, verdict, store)
            return Taken(None)
        _stand_again(prepared, verdict, store, now)
        silent = not route.channels
        identity = _add(prepared, verdict, store, outlet, now, first_run, silent)
        posted = prepared.article
        changes = posting.post(identity, store)
        ids = store.ledger.record(changes, now)
        assert posted.at is not None  # see _prepared
        told = [
            i
            for i, made in zip(ids, changes, strict=True)
            if is_queued(made.label, made.alert, made.rule, now - posted.at)
        ]
        for channel in route.channels if told else ():
            key = _key(channel, posted, prepared.signature)
            store.outbox.queue(key, channel, route.mode, identity, told, now)
        return Taken(identity, changes)


def _sight(prepared: Prepared, verdict: Verdict, store: Store) -> None:
    """Remember that a text still stood at a later time that the page itself bears."""
    article = prepared.article
    assert verdict.previous is not None  # what is unchanged has one
    assert article.at is not None  # see _prepared
    if article.dated_by != SEEN:
        store.sightings.keep(verdict.previous, article.at, prepared.seen)


def _stand_again(prepared: Prepared, verdict: Verdict, store: Store, now: datetime) -> None:
    """A version found between two sightings of one text: the page went back to that text."""
    at = prepared.article.at
    assert at is not None  # see _prepared
    again = verdict.previous and store.sightings.stand_again(verdict.previous, at, now)
    if again:
        _join_again(again, verdict.previous, store, now)
        store.ledger.record(posting.post(again, store), now)


def _join_again(again: int, former: int | None, store: Store, now: datetime) -> None:
    """A text that stands again is looked up again: others may have been printed meanwhile."""
    text, posted = store.articles.text(again), store.ledger.posting(again)
    signature = duplicate.sign(text or "")
    verdict = Verdict("revision", copy_of=former, share=1.0)  # all that is known of a text gone
    if text is not None:
        near = store.articles.candidates(signature, posted.url, posted.at)
        verdict = duplicate.judge(signature, near)
    store.articles.syndication.join(again, signature, verdict, now)


def _adds_nothing(prepared: Prepared, store: Store) -> bool:
    """An entry without claims, or one whose page was read."""
    if prepared.article.basis == "page":
        return False
    return not prepared.claims or store.articles.has_page(prepared.article.url)


def _judge(prepared: Prepared, store: Store, live: bool) -> tuple[Prepared, Verdict]:
    """The verdict, and the article dated by the fetch where its own date did not move."""
    article, signature = prepared.article, prepared.signature
    assert article.at is not None  # see _prepared
    kept = store.articles.before(article.url, prepared.seen if live else article.at)
    if kept and kept.basis == article.basis:
        if kept.exact == signature.exact and _same_claims(prepared, kept.id, store):
            return prepared, Verdict("unchanged", previous=kept.id)
        if live and when(article.at) <= kept.at:
            article = replace(article, modified=prepared.seen)
            prepared = replace(prepared, article=article)
    assert article.at is not None
    near = store.articles.candidates(signature, article.url, article.at)
    verdict = duplicate.judge(signature, near)
    if kept and kept.basis == article.basis:  # words or, where they are given, claims are others
        verdict = replace(verdict, sameness="revision", previous=kept.id)
    return prepared, verdict


def _same_claims(prepared: Prepared, kept: int, store: Store) -> bool:
    """Claims that are read follow from the text; given ones may differ for one text."""
    if prepared.extractor != "given":
        return True
    before = [claim_to_json(c) for c in store.ledger.claims(kept)]
    return before == [claim_to_json(c) for c in prepared.claims]


def _add(
    prepared: Prepared,
    verdict: Verdict,
    store: Store,
    outlet: Outlet | None,
    now: datetime,
    first_run: bool,
    silent: bool,
) -> int:
    article = prepared.article
    identity = store.articles.add(
        article,
        verdict,
        prepared.signature,
        voice=_voice(article, outlet),
        sentences=prepared.sentences,
        row={
            "seen": when(prepared.seen),
            "recorded": when(now),
            "first_run": int(first_run),
            "silent": int(silent),
            "extractor": prepared.extractor,
            "tier": outlet.tier if outlet else UNKNOWN_TIER,
            "satire": int(outlet.satire) if outlet else 0,
        },
    )
    found, states = store.verdicts.settled(
        article.url, prepared.claims, prepared.claim_sentences, prepared.held
    )
    store.articles.add_claims(identity, found, prepared.claim_sentences, states, when(now))
    return identity


def _voice(article: Article, outlet: Outlet | None) -> str:
    """Whose voice it is: of its wire, or of the outlet's owner."""
    if article.wire:
        return f"wire:{article.wire}"
    return f"owner:{outlet.voice if outlet else article.outlet}"


def _key(channel: str, article: Article, signature: Signature) -> str:
    """Idempotency key of a message: one version of one article, one channel, one message.

    The time is part of it: a page that goes back to an earlier text says something again.
    """
    assert article.at is not None  # see _prepared
    parts = (channel, article.url, article.basis, when(article.at), signature.exact)
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


# -- what a first run gathers -------------------------------------------------------------------


def keep(prepared: Prepared, store: Store) -> None:
    """Store a prepared article unposted; a later state of the same page takes its place."""
    if _adds_nothing(prepared, store):
        return
    with store.transaction():
        store.articles.keep(
            prepared.article.url,
            prepared.article.outlet,
            prepared.article.basis,
            json.dumps(to_json(prepared), ensure_ascii=False),
            when(prepared.seen),
        )


def post_prepared(
    store: Store, outlets: Sequence[Outlet], now: datetime, route: Route
) -> Iterator[Taken]:
    """Take everything kept, in order of (published or modified, url), some in one transaction.

    A kill leaves the articles of a broken transaction kept: the next run posts them.
    Where entry and page of one URL are both there, only the page is posted.
    """
    by_id = {outlet.id: outlet for outlet in outlets}
    rows = [(row["id"], from_json(json.loads(row["body"]))) for row in store.articles.kept()]
    pages = {p.article.url for _, p in rows if p.article.basis == "page"}
    rows.sort(key=lambda pair: _order(pair[1]))
    post = partial(take, store=store, now=now, route=route, live=True, first_run=True)
    for start in range(0, len(rows), TOGETHER):
        done: list[Taken] = []
        with store.transaction():
            for row, prepared in rows[start : start + TOGETHER]:
                article, taken = prepared.article, Taken(None)
                if article.basis == "page" or article.url not in pages:
                    taken = post(prepared, outlet=by_id.get(article.outlet))
                store.articles.drop_kept(row)
                done.append(taken)
        yield from done


def _order(prepared: Prepared) -> tuple[str, str]:
    assert prepared.article.at is not None
    return when(prepared.article.at), prepared.article.url


def to_json(prepared: Prepared) -> Json:
    return {
        "article": article_to_json(prepared.article)
        | {"basis": prepared.article.basis, "dated_by": prepared.article.dated_by},
        "claims": [kept_to_json(claim) for claim in prepared.claims],
        "claim_sentences": list(prepared.claim_sentences),
        "held": sorted(prepared.held),
        "sentences": list(prepared.sentences),
        "signature": [
            prepared.signature.exact,
            prepared.signature.scheme,
            prepared.signature.shingles,
            list(prepared.signature.sample),
        ],
        "extractor": prepared.extractor,
        "seen": when(prepared.seen),
    }


def from_json(given: Json) -> Prepared:
    exact, scheme, shingles, sample = given["signature"]
    return Prepared(
        article=article_from_json(given["article"]),
        claims=tuple(kept_from_json(claim) for claim in given["claims"]),
        claim_sentences=tuple(given["claim_sentences"]),
        held=frozenset(given["held"]),
        sentences=tuple(given["sentences"]),
        signature=Signature(exact, scheme, shingles, tuple(sample)),
        extractor=given["extractor"],
        seen=moment(given["seen"]),
    )
