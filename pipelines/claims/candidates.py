"""Who may pay and who may be paid, and what speaks for each: where a name stands to the sum, in
its clause, in the thread of the text. Features are readable strings, as in `features`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipelines.claims import clauses, deals, lexicon
from pipelines.claims.drafts import YOUNG
from pipelines.claims.features import RECENT, STEM, Place, link, step
from pipelines.claims.mentions import DETERMINERS, PREPOSITIONS, Group, Mention
from pipelines.claims.scorer import Found
from pipelines.claims.standing import SURETY, answered_by, answering

_TABLE = lexicon.words("references")
#: How many letters of the word before a mention count.
_BEFORE = 12
#: How many words between a mention and the sum count, and among how many tokens: names have some.
_BETWEEN, _SPAN = 8, 24
#: Between a total and its parts.
_PARTS = frozenset(("dont", ":", "soit"))
#: What several companies do at once.
_TOGETHER = frozenset(_TABLE["together"]["words"])
#: How many claims back somebody's part in the text is remembered; all of most texts.
_DEALT = 30
#: How many enumerations and claims back payers may be named that a sentence only means.
_LISTS, _DRAFTS = 3, 6
#: More companies that raise money than this make a payee no less sure.
_SEVERAL = 3
#: Who lends without being named.
_LENDERS = frozenset(_TABLE["lenders"]["words"])


def standing(place: Place, mention: Mention, group: Group) -> set[str]:
    """Where a mention stands to the sum."""
    one, scene = place.one, place.scene
    prep = group.prep or mention.prep
    cue = place.governor.cue if place.governor is not None else None
    if mention.last <= one.left:
        side, far, cut = "L", one.left - mention.last, mention.first < place.left
        first, last = mention.last, one.left
    else:
        side, far, cut = "R", mention.first - one.right, mention.first >= place.right
        first, last = one.right, mention.first
    out = [
        f"{side}{prep}|{cut!s}",
        f"{side}|{step(max(far, 0))}|{cut!s}",
        f"mk={mention.kind}{mention.sort}",
    ]
    if cue is not None:
        rel = "c" if (mention.last <= cue.first) else "d"
        gap = max(cue.first - mention.last, mention.first - cue.last, 0)
        out.append(f"{side}{rel}{prep}|{step(gap)}")
    clause = place.clause
    part = clauses.standing(clause, group)
    sort = cue.sort if cue is not None else "none"
    out += (
        f"cl={part}|{clause.side}|{clause.passive!s}|{clause.sort}",
        f"cl={part}|{clause.side}|{sort}",
        f"{side}bw={_before(place, mention)}",
    )
    if mention.first == scene.sentence.first:
        out.append(f"{side}first")
    return {*out, *[f"{side}pt={word}" for word in _between(place, first, last)]}


def _between(place: Place, first: int, last: int) -> list[str]:
    """The first words of those between a mention and the sum, whichever stands first."""
    start = place.scene.sentence.first
    near = place.words[first - start : min(last, first + _SPAN) - start]
    return [word[:STEM] for word in near if word][:_BETWEEN]


def _before(place: Place, mention: Mention) -> str:
    """The word before a mention, with its preposition: "actions Nvidia", "loue à Nvidia"."""
    words, low, first = place.words, place.scene.low, place.scene.sentence.first
    k = mention.first - 1
    while k >= first and low[k] in DETERMINERS:
        k -= 1
    before = words[k - first] if k >= first else "^"
    if k > first and low[k] in PREPOSITIONS:
        before = f"{words[k - 1 - first] or '#'} {before}"
    return before[:_BEFORE]


def _in_claims(place: Place, out: dict[str, set[str]]) -> None:
    """What part each company has in the claims of the text so far."""
    for kind, payee, payers in _dealt(place):
        if payee in out:
            out[payee].add(f"waspayee|{kind}")
        for name in payers:
            if name in out:
                out[name].add(f"waspayer|{kind}")


def _dealt(place: Place) -> set[tuple[str, str | None, tuple[str, ...]]]:
    """Kind, payee and payers of the claims before, each once."""
    return {(d.kind, d.payee, d.payers) for d in place.thread.drafts[-_DEALT:]}


def _nearest(place: Place) -> dict[str, tuple[Mention, Group]]:
    """The mention of each company that counts: within the reach of the sum, then the nearest."""
    one = place.one
    out: dict[str, tuple[tuple[bool, bool, int], Mention, Group]] = {}
    for group in place.scene.parties():
        for mention in group.mentions:
            if not mention.name or mention.kind == "media":
                continue
            cut = mention.first < place.left or mention.first >= place.right
            far = max(one.left - mention.last, mention.first - one.right)
            key = (cut, mention.first >= one.right, far)
            if mention.name not in out or key < out[mention.name][0]:
                out[mention.name] = (key, mention, group)
    return {name: (mention, group) for name, (_, mention, group) in out.items()}


def ways(place: Place) -> dict[str, set[str]]:
    """Every company that may play a part, and where it stands: in the sentence or in the thread."""
    if place.ways:
        return place.ways
    out: dict[str, set[str]] = {}
    thread, scene, draft = place.thread, place.scene, place.draft
    roles = thread.past.roles
    for name, (mention, group) in _nearest(place).items():
        out[name] = standing(place, mention, group)
    low = set(scene.low[place.left : place.right])
    clitic = "y" if "y" in low else "lui" if "lui" in low else ""
    recent = [n.mention.name for n in thread.past.namings[-RECENT:] if n.mention.name]
    for rank, name in enumerate(dict.fromkeys(reversed(recent))):
        if name not in out:
            out[name] = {"ctx", f"ctx|r{min(rank, 4)}", f"ctx|{clitic}"}
    lately = [n for d in thread.drafts[-3:] for n in (*d.payers, d.payee)]
    for other in (thread.topic, *lately):
        if other and other not in out:
            out[other] = {"ctx", "ctx|far", f"ctx|{clitic}"}
    for name in sorted(place.title_names):  # a set has another order in every process
        if name not in out and name in roles:
            out[name] = {"ctx", "ctx|intitle", f"ctx|{clitic}"}
    _in_claims(place, out)
    joint = link(place)
    subject = thread.past.subjects[-1] if thread.past.subjects else None
    lasts = thread.last
    for name, found in out.items():
        where = "ctx" if "ctx" in found else "in"
        found.add(f"role={roles.get(name, 'other')}|{where}")
        if name == thread.topic:
            found.add(f"topic|{where}")
        if name in place.title_names:
            found.add(f"title|{where}")
        if name == subject:
            found.add(f"lastsubject|{where}")
        if lasts is not None:
            if name == lasts.payee:
                found |= {f"lastpayee|{where}|{lasts.kind}", f"lastpayee|{joint}"}
            if name in lasts.payers:
                found |= {f"lastpayer|{where}|{lasts.kind}", f"lastpayer|{joint}"}
        if name == place.share:
            found.add("share")
        if draft is not None and name == draft.payee:
            found.add(f"rulepayee|{draft.kind}|{draft.how}|{where}")
    place.ways = out
    return out


def _sureties(place: Place, kind: str) -> set[str]:
    """Who answers for a loan, and so neither lends nor borrows it. What the sentence says of it
    behind the guarantee counts: "garantit la dette et prête 3 milliards"."""
    if kind != "debt":
        return set()
    low, sentence, one = place.scene.low, place.scene.sentence, place.one
    out: set[str] = set()
    beside: Group | None = None
    for group in place.scene.parties():
        until = answering(low, group.last, sentence.last)
        by = one.right <= group.first < place.right and answered_by(
            low, group.first, sentence.first
        )
        if by or group.prep == SURETY or (until is not None and one.left < until):
            out.update(group.names)
            if beside is not None and low[beside.last : group.first] == ["et"]:
                out.update(beside.names)  # "SoftBank et Nvidia se portent garants"
        beside = group
    return out


def payee_features(place: Place, kind: str) -> dict[str, Found]:
    """Candidates for the payee with their features."""
    roles, likely, barred = place.thread.past.roles, ways(place), _sureties(place, kind)
    young = min(len([n for n in likely if roles.get(n) in YOUNG]), _SEVERAL)
    told = deals.of_payees(kind, likely, place.one.top)
    out: dict[str, Found] = {}
    for name, found in likely.items():
        if name in barred:
            continue
        role = roles.get(name, "other")
        among = {f"y{young}|{role}"}
        out[name] = (((kind, f"{kind} {role}"), found), ((kind,), among), ((kind, ""), told[name]))
    return out


def _joint(place: Place, barred: set[str], payee: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who may pay together without being coordinated, and why one may think so."""
    one, low, groups = place.one, place.scene.low, place.scene.parties()
    head = place.clause.subject
    likely: list[tuple[str, Iterable[str]]] = [
        ("with", (*head.names, *g.names))
        for g in groups
        if head is not None and g is not head and g.prep == "avec"
    ]
    follower = place.after.left if place.after is not None else one.right
    if not _PARTS.isdisjoint(low[one.right : follower]):  # "15 milliards, dont 5 d'Amazon"
        likely.append(("parts", (n for g in groups if g.first >= one.right for n in g.names)))
    if not _TOGETHER.isdisjoint(low[place.left : place.right]):
        own = (g for g in groups if place.left <= g.first and g.last <= one.left)
        likely.append(("left", (n for g in own for n in g.names)))
        likely += (("list", names) for _, names in place.thread.past.lists[-_LISTS:])
    recent = place.thread.drafts[-_DRAFTS:]
    likely += (("drafted", d.payers) for d in recent if d.payee == payee)
    for how, names in likely:
        several = tuple(dict.fromkeys(n for n in names if n not in barred))
        if len(several) > 1:
            yield how, several


def payer_features(place: Place, kind: str, payee: str) -> dict[tuple[str, ...], Found]:
    """Candidate sets of payers: coordinated groups, single companies, the set of the sum before."""
    found, barred = ways(place), {payee, *_sureties(place, kind)}
    roles = place.thread.past.roles
    sets: dict[tuple[str, ...], set[str]] = {}  # beside where the first of them stands
    for group in place.scene.parties():
        names = tuple([n for n in group.names if n not in barred])
        if names:
            extra = sets.setdefault(names, {f"group|{min(len(names), 4)}"})
            if len(names) < len(group.names):
                extra.add("withpayee")
    for name, where in found.items():
        if name not in barred and (name,) not in sets:
            sets[(name,)] = {f"single|{('ctx' in where)!s}"}
    for label, names in (
        ("last", place.thread.last.payers if place.thread.last else ()),
        ("rule", place.draft.payers if place.draft else ()),
    ):
        names = tuple([n for n in names if n not in barred])
        if names:
            features = sets.setdefault(names, set())
            features |= {f"{label}set|{place.draft.how if place.draft else ''}", f"{label}set"}
    for how, names in _joint(place, barred, payee):
        same = next((s for s in sets if set(s) == set(names)), names)
        sets.setdefault(same, {"joint"}).add(how)
    dealt, taker = _dealt(place), roles.get(payee, "other")
    told = deals.of_payers(kind, sets, payee, place.one.top)
    out: dict[tuple[str, ...], Found] = {}
    for names, features in sets.items():
        for past, to, by in dealt:
            if to == payee and names[0] in by:
                features.add(f"{'pair' if by == names else 'half'}|{past}")
            elif to in names and payee in by:
                features.add(f"back|{past}")
        features.add(f"first={roles.get(names[0], 'other')}|to={taker}")
        features.add(f"n={min(len(names), 4)}")
        if place.each:
            told[names].add(f"each|{(len(names) > 1)!s}")
        where = found.get(names[0], set())
        out[names] = (((kind,), where), ((kind,), features), ((kind, ""), told[names]))
    if kind == "debt":
        out[()] = (((kind,), _unnamed(place)),)
    return out


def _unnamed(place: Place) -> set[str]:
    """What speaks for lenders whom the text does not name."""
    scene, one = place.scene, place.one
    named = place.draft is not None and bool(place.draft.payers)
    out = {"none", f"none|{named!s}"}
    if place.governor is not None:
        cue = place.governor.cue
        how = place.governor.how
        out |= {f"none|{cue.sort}{cue.part}|{how}|{named!s}", f"none|{cue.lemma}"}
    low, first = scene.low, scene.sentence.first
    for word in _LENDERS.intersection(low[first : scene.sentence.last]):
        side = "L" if word in low[first : one.left] else "R"
        out |= {f"none|{word}", f"none|many|{side}"}
    lenders = {m.name for g in scene.parties() for m in g.mentions if m.role == "lender"}
    out.add(f"none|of{min(len(lenders), 3)}")
    return out
