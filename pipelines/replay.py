"""Read the stored articles again with the present claim reader, and say what that would change.

    read_again(store, ...)   each article whose text is still there, staged in the file: a reading
                             that was interrupted goes on where it stopped
    compare(store)           claims and outcomes, before and after
    apply(store, ...)        the staged readings take the place of the old ones, in one transaction;
                             the old ones are retired, not lost: `--as-of` still tells them

Claims that were given (an import with --claims) and claims whose text is gone stay as they are.
What was told and is no longer claimed is taken back by a `corrected` change (amendment A15); what
was missed is recorded, and told to nobody: it is no news.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from pipelines import change, claims
from pipelines.change.chronology import payees, turns, walk
from pipelines.intake import prepare_article
from pipelines.records import Change, Claim, Posting, Watch
from pipelines.shapes import claim_to_json, kept_from_json, kept_to_json, when
from pipelines.store import Store
from pipelines.store.verdicts import POSTED

#: What tells one claim from another, whoever read it: where it stands and how sure it is may move.
_SAME = ("rule", "confidence", "quote", "start", "end", "amount_start", "amount_text")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a replay changes. A claim or outcome is told by the URL of its article."""

    added: tuple[tuple[str, Claim], ...]
    lost: tuple[tuple[str, Claim], ...]
    altered: tuple[tuple[str, Claim, Claim], ...]  # same money, other status, source ...
    told: tuple[tuple[str, Change], ...]  # alerts that the new readings give and the old did not
    untold: tuple[tuple[str, Change], ...]  # alerts that they no longer give
    articles: int = 0  # read again
    gone: int = 0  # text is gone: kept as they are

    @property
    def empty(self) -> bool:
        return not (self.added or self.lost or self.altered or self.told or self.untold)


def reader(watches: Sequence[Watch]) -> str:
    """Version of the claim reader together with what it watches."""
    seen = blake2b(repr(watches).encode(), digest_size=4).hexdigest()
    return f"{claims.VERSION}+{seen}"


def read_again(
    store: Store, watches: Sequence[Watch], progress: Callable[[int, int], None]
) -> None:
    """Stage a new reading of every article that has its text; one short transaction each."""
    version = reader(watches)
    todo = store.replays.unread(version)
    for done, identity in enumerate(todo, 1):
        article, seen = store.replays.article(identity)
        prepared = prepare_article(article, watches, seen)
        body = {
            "claims": [kept_to_json(claim) for claim in prepared.claims],
            "sentences": list(prepared.claim_sentences),
            "held": sorted(prepared.held),
        }
        with store.transaction():
            store.replays.stage(identity, version, json.dumps(body, ensure_ascii=False))
        progress(done, len(todo))


def compare(store: Store, watches: Sequence[Watch]) -> Difference:
    """What the staged readings would change."""
    before = store.ledger.postings()
    staged = _staged(store, watches)
    known = {posting.article: posting for posting in before}
    after = list(before)
    for identity, reading in staged.items():
        posted = [n for n, state in reading.states.items() if state == POSTED]
        fresh = replace(
            known.get(identity) or store.ledger.posting(identity),
            claims=tuple(reading.claims[n] for n in posted),
            claim_sentences=tuple(reading.sentences[n] for n in posted),
        )
        after = [p for p in after if p.article != identity] + [fresh]
    added, lost, altered = _claims(before, after)
    told, untold = _outcomes(before, after)
    return Difference(
        added, lost, altered, told, untold, articles=len(staged), gone=store.replays.gone()
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """The claims that a replay found in one article."""

    claims: tuple[Claim, ...]
    sentences: tuple[str | None, ...]
    states: dict[int, int]  # posted, waiting or rejected, by position


def _staged(store: Store, watches: Sequence[Watch]) -> dict[int, Reading]:
    found = {}
    for identity, body in store.replays.staged(reader(watches)):
        shape = json.loads(body)
        sentences = tuple(shape["sentences"])
        # verdicts of people hold for every reader
        read, states = store.verdicts.settled(
            store.checking.article(identity)["url"],
            [kept_from_json(claim) for claim in shape["claims"]],
            sentences,
            frozenset(shape["held"]),
        )
        found[identity] = Reading(read, sentences, states)
    return found


def essence(claim: Claim) -> str:
    """The claim without what may differ while it says the same."""
    shape = claim_to_json(claim)
    return json.dumps({key: value for key, value in shape.items() if key not in _SAME})


def _money(claim: Claim) -> tuple[object, ...]:
    return claim.kind, claim.payee, frozenset(claim.payers), claim.amount.top, claim.amount.currency


def _claims(
    before: Sequence[Posting], after: Sequence[Posting]
) -> tuple[
    tuple[tuple[str, Claim], ...],
    tuple[tuple[str, Claim], ...],
    tuple[tuple[str, Claim, Claim], ...],
]:
    old = {p.article: p for p in before}
    added, lost, altered = [], [], []
    for posting in sorted(after, key=lambda p: (p.at, p.url)):
        was = list(old[posting.article].claims) if posting.article in old else []
        now = list(posting.claims)
        for claim in posting.claims:
            same = next((w for w in was if essence(w) == essence(claim)), None)
            if same is not None:
                was.remove(same)
                now.remove(claim)
        for claim in now:
            like = next((w for w in was if _money(w) == _money(claim)), None)
            if like is None:
                added.append((posting.url, claim))
            else:
                was.remove(like)
                altered.append((posting.url, like, claim))
        lost += [(posting.url, claim) for claim in was]
    return tuple(added), tuple(lost), tuple(altered)


def tale(history: Sequence[Posting]) -> list[tuple[str, Change]]:
    """What all articles tell in order of publication, with their URLs."""
    told = []
    ordered = turns(history)
    for payee in payees(history):
        for _, folded in walk(change.Account(payee), ordered):
            told += [(folded.turn.posting.url, made) for made in folded.changes]
    return told


def _key(url: str, made: Change) -> tuple[object, ...]:
    payers = made.payers if made.kind in ("investment", "commitment") else ()
    return url, made.label, made.kind, made.payee, payers, made.after and made.after.amount


def _outcomes(
    before: Sequence[Posting], after: Sequence[Posting]
) -> tuple[tuple[tuple[str, Change], ...], tuple[tuple[str, Change], ...]]:
    old = [(url, made) for url, made in tale(before) if made.alert]
    new = [(url, made) for url, made in tale(after) if made.alert]
    return _beyond(new, old), _beyond(old, new)


def _beyond(
    some: Iterable[tuple[str, Change]], others: Iterable[tuple[str, Change]]
) -> tuple[tuple[str, Change], ...]:
    """Those of `some` that `others` does not have."""
    spare = Counter(_key(url, made) for url, made in others)
    rest = []
    for url, made in some:
        key = _key(url, made)
        if spare[key]:
            spare[key] -= 1
        else:
            rest.append((url, made))
    return tuple(rest)


def apply(
    store: Store, watches: Sequence[Watch], channels: Sequence[str], now: datetime
) -> Difference:
    """Put the staged readings in place; everything is one transaction.

    Corrections are queued for all `channels`; delivery tells those that were told the wrong one.
    """
    version = reader(watches)
    with store.transaction():
        difference = compare(store, watches)
        old = {p.article: p for p in store.ledger.postings()}
        touched: set[int] = set()
        for identity, reading in _staged(store, watches).items():
            if _unchanged(store, identity, reading):
                continue
            touched.add(identity)
            store.replays.retire(identity, now)
            store.articles.add_claims(
                identity, reading.claims, reading.sentences, reading.states, when(now)
            )
        store.replays.finish(version)
        affected = {c.payee for i in touched if i in old for c in old[i].claims}
        affected |= {c.payee for i in touched for c in store.ledger.posting(i).claims}
        if affected:
            take_back(store, sorted(affected), channels, now)
            _record_missed(store, sorted(affected), touched, difference, now)
    return difference


def _unchanged(store: Store, identity: int, reading: Reading) -> bool:
    return store.ledger.claims(identity) == list(reading.claims)


def take_back(
    store: Store, affected: Sequence[str], channels: Sequence[str], now: datetime
) -> tuple[Change, ...]:
    """Write a `corrected` change for what was told about `affected` and is no longer so."""
    for payee in affected:
        store.accounts.drop(payee)
    told = [change.Told(*row) for row in store.ledger.told(affected)]
    articles = {one.id: one.change.article for one in told}
    corrected = [
        # it belongs to the article whose alert it takes back
        replace(made, article=articles[made.corrects])
        for made in change.withdrawn(told, store.ledger.postings(affected))
        if made.corrects is not None
    ]
    ids = store.ledger.record(corrected, now)
    for identity, made in zip(ids, corrected, strict=True):
        for channel in channels:
            parts = f"{channel}\0corrected\0{made.corrects}".encode()
            key = blake2b(parts, digest_size=16).hexdigest()
            store.outbox.queue(key, channel, "immediate", made.article, [identity], now)
    return tuple(corrected)


def _record_missed(
    store: Store,
    affected: Sequence[str],
    touched: set[int],
    difference: Difference,
    now: datetime,
) -> None:
    """What the old readings missed is written down, and told to nobody: it is no news."""
    known = Counter(_key(url, made) for _, url, _, made in store.ledger.told(affected))
    missed = [
        made
        for url, made in difference.told
        if made.article in touched and not known[_key(url, made)]
    ]
    store.ledger.record(missed, now)
