"""Several changes in one message: by deal, newest first, each with its chronology."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.alert import telling
from pipelines.alert.composing import Context, Quotes, alert_of, fragment, notes
from pipelines.alert.picture import amounts_over_time
from pipelines.alert.plain import cut, link_to
from pipelines.alert.sheet import Section, Sheet, Step
from pipelines.alert.telling import Line
from pipelines.alert.words import LABELS, TONES, UNCONFIRMED, phrase
from pipelines.records import Alert

#: Deals in one digest. Slack takes 50 blocks; nobody reads more than a page of this.
MOST_DEALS = 20
#: Lines of a deal's chronology; older ones are counted.
MOST_STEPS = 6
#: A heading in a list of steps need not repeat the whole deal.
STEP_LIMIT = 160
SUBJECT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Group:
    """What a digest says of one deal."""

    told: tuple[Line, ...]  # changes that this digest tells; empty: only repeated since
    history: tuple[Line, ...]  # all changes of the deal that alerted, in order of publication
    said: Mapping[str, Any]  # who says its figure by now

    @property
    def aside(self) -> bool:
        """Nothing but figures that nobody confirms and rumours that nobody repeats."""
        return bool(self.told) and all(line["change"] in UNCONFIRMED for line in self.told)

    @property
    def newest(self) -> Line:
        """The last word on the deal: by publication, the weightier of two at once."""
        lines = self.told or self.history
        latest = max(_at(line) for line in lines)
        return min((line for line in lines if _at(line) == latest), key=telling.weight)


def compose_digest(
    key: str, groups: Sequence[Group], context: Context, *, reason: str, thread: Sequence[str] = ()
) -> Alert:
    """The message about `groups`; `reason`: what they waited for (daily, first-run, cap ...)."""
    language = context.language
    ordered = sorted(groups, key=_order)
    shown = ordered[:MOST_DEALS]
    budget = Quotes()
    lines = [line for group in ordered for line in group.told]
    count = _count(groups, language)
    more = (
        (phrase(language, "more_deals", len(ordered) - len(shown)),)
        if len(ordered) > len(shown)
        else ()
    )
    sheet = Sheet(
        language=language,
        subject=_subject(shown, reason, len(ordered) - 1, language),
        intro=(count,),
        link="",
        sections=tuple(_section(group, context, budget) for group in shown),
        notes=(*more, *notes([group.newest for group in shown], language)),
    )
    return alert_of(key, context, sheet, "digest", lines, thread)


def _at(line: Line) -> str:
    # `quiet` is the outcome of no article: then it counts when we noticed
    return str(line["published"] or line["recorded"])


def _order(group: Group) -> tuple[bool, bool, list[int], tuple[int, int, int]]:
    """News, then repetitions, then what nobody confirms; newest day first, then the weightiest."""
    newest = group.newest
    downwards = [-ord(letter) for letter in _at(newest)[:10]]
    return group.aside, not group.told, downwards, telling.weight(newest)


def _count(groups: Sequence[Group], language: str) -> str:
    changes = sum(len(group.told) for group in groups)
    told = phrase(language, "change" if changes == 1 else "changes", changes)
    deals = phrase(language, "deal" if len(groups) == 1 else "deals", len(groups))
    return f"{told}, {deals}" if changes else deals


def _subject(shown: Sequence[Group], reason: str, others: int, language: str) -> str:
    """The first word of a digest that takes something back is "Rectificatif", as everywhere."""
    corrected = any(line["change"] == "corrected" for group in shown for line in group.told)
    first = shown[0].newest
    lead = f"{telling.heading(first, language)}, {telling.move(first, language)}"
    if shown[0].aside:
        lead = phrase(language, "colon", telling.tag(first, language).lower(), lead)
    subject = phrase(language, "colon", phrase(language, reason), lead)
    if corrected:
        subject = phrase(language, "colon", LABELS[language]["corrected"], subject)
    more = phrase(language, "deal" if others == 1 else "deals", others)
    tail = f" (+ {more})" if others else ""
    return cut(subject, SUBJECT_LIMIT - len(tail)) + tail


def _section(group: Group, context: Context, budget: Quotes) -> Section:
    language, newest = context.language, group.newest
    quote = budget.take(newest)
    tag = telling.tag(newest, language) if group.told else phrase(language, "echo")
    stood = group.history[-1]["after"] if group.history else None
    figure = newest["after"] or newest["before"]
    detail = [
        telling.status(figure, language) if figure else "",
        _who(newest, context),
        telling.counted(group.said, language) if group.said["outlets"] > 1 else "",
    ]
    if group.aside:
        # who says what stands, and not who says this
        detail = [_who(newest, context), _against(stood, group.said, language) if stood else ""]
    return Section(
        tag=tag,
        tone=TONES.get(newest["change"], "plain") if group.told else "plain",
        heading=telling.heading(newest, language),
        figure=telling.move(newest, language),
        detail=tuple(part for part in detail if part),
        quote=quote,
        link=link_to(newest["url"] or "", fragment(newest)),
        reading=context.room(newest["deal"]),
        steps=_steps(group, context),
        picture=None if group.aside else amounts_over_time(group.history, context.zone, language),
    )


def _against(stood: Mapping[str, Any], said: Mapping[str, Any], language: str) -> str:
    return phrase(
        language, "against", telling.amount(stood, language), telling.counted(said, language)
    )


def _who(line: Line, context: Context) -> str:
    if not line["outlet"]:
        return ""
    when = telling.times(line, context.zone, context.language)
    origins = telling.names(line["sources"], context.language)
    credit = f", {telling.credit(origins, context.language)}" if origins else ""
    return f"{context.outlet(line['outlet'])}{credit}, {when}"


def _steps(group: Group, context: Context) -> tuple[Step, ...]:
    """The chronology, oldest first; a deal of one change needs none."""
    language = context.language
    told = {line["id"] for line in group.told}
    told_of = group.told if group.aside else (*group.history, *group.told)
    lines = sorted(
        {line["id"]: line for line in told_of}.values(), key=lambda line: (_at(line), line["id"])
    )
    if len(lines) < 2:
        return ()
    steps = [
        Step(
            date=telling.day(telling.moment(_at(line), context.zone), language),
            text=cut(f"{telling.tag(line, language)}, {telling.move(line, language)}", STEP_LIMIT),
            outlet=context.outlet(line["outlet"]),
            url=link_to(line["url"] or "", fragment(line)),
            fresh=line["id"] in told,
        )
        for line in lines[-MOST_STEPS:]
    ]
    if len(lines) > MOST_STEPS:
        earlier = phrase(language, "earlier", len(lines) - MOST_STEPS)
        steps.insert(0, Step(date="", text=earlier, outlet="", url=""))
    return tuple(steps)
