"""Carriers of the lists that tell of a sum how large, how old and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.claims import (
    background,
    conditions,
    lending,
    negation,
    numerals,
    particulars,
    reminding,
    status,
    tables,
    tokens,
)
from pipelines.claims.lexicon import Hit
from pipelines.claims.scene import Scene
from tests.claims_carriers import (
    BILLION,
    NOISE,
    Carriers,
    before,
    drafted,
    money,
    only,
    scene,
    scenes,
    span,
)

SUMS = Carriers()


# --- amounts.toml ---

#: Number words that only stand behind others.
FULL = {"vingts": ("quatre-vingts", 80), "cents": ("deux cents", 200), "une": ("vingt et une", 21)}


@SUMS.of("amounts/numbers")
def number(line: str, value: Any) -> bool:
    words, full = FULL.get(line, (line, value))
    reading = tokens.read(f"Il en faut {words} milliards.")
    found = numerals.numbers(reading, reading.sentences[0])
    return [one.value for one in found] == [full]


@SUMS.of("amounts/collectives")
def collective(line: str, value: Any) -> bool:
    one = only(f"Il en faut une {line} de milliards de dollars.")
    return one is not None and one.top == value * BILLION and one.qualifier == "about"


@SUMS.of("amounts/scales")
def scale(line: str, value: Any) -> bool:
    return money(f"Il faut 12 {line} de dollars.", 12 * value, "USD")


@SUMS.of("amounts/short_scales")
def short_scale(line: str, value: Any) -> bool:
    return money(f"Il faut 12 {line.upper()}$.", 12 * value, "USD")


@SUMS.of("amounts/signs")
def sign(line: str, value: Any) -> bool:
    return money(f"Il faut 12 milliards {line}.", 12 * BILLION, value)


@SUMS.of("amounts/units")
def unit(line: str, value: Any) -> bool:
    return money(f"Il faut 12 {line}.", 12, value) and money(
        f"Il faut 12 milliards de {line}.", 12 * BILLION, value
    )


@SUMS.of("amounts/lead/codes")
def lead(line: str, _: Any) -> bool:
    one = only(f"Il faut {line.upper()}$ 12 milliards.")
    return one is not None and (one.first, one.currency) == (2, "USD")


#: A currency whose name is shared, by its usual code.
SHARED = {"CHF": "francs", "SEK": "couronnes", "AED": "dirhams"}


@SUMS.of("amounts/namesakes")
def namesake(line: str, told: Any) -> bool:
    usual, code = told
    return money(f"Il faut 12 milliards de {SHARED[usual]} {line}.", 12 * BILLION, code)


@SUMS.of("amounts/mints")
def mint(line: str, told: Any) -> bool:
    nation = line.capitalize() if line in ("copenhague", "oslo", "stockholm") else line
    return money(f"Selon {nation}, il faut 12 milliards de couronnes.", 12 * BILLION, told)


@SUMS.of("amounts/homes")
def home(line: str, told: Any) -> bool:
    text = f"OpenAI vaut 9 milliards de {{}}. {line} a fait sensation, avec 12 milliards."
    other = text.format("dollars" if told != "USD" else "francs")
    return lending.settled(scenes(other))[1].sums[0].currency == told


@SUMS.of("amounts/dollars")
def dollar(line: str, value: Any) -> bool:
    return money(f"Il faut 12 milliards de dollars {line}.", 12 * BILLION, value)


@SUMS.of("amounts/plain/words")
def plain(line: str, _: Any) -> bool:
    noun = {"sterling": "livres", "suisses": "francs"}.get(line, "dollars")
    text = f"Il faut 12 milliards de {noun} {line}."
    one = only(text)
    return one is not None and one.last == span(text, line)[1]


@SUMS.of("amounts/before")
def qualifier_before(line: str, value: Any) -> bool:
    text = f"Il faut ainsi {before(line, 'un milliard')} de dollars."
    one = only(text)
    return one is not None and (one.qualifier, one.left) == (value, span(text, line)[0])


@SUMS.of("amounts/after")
def qualifier_after(line: str, value: Any) -> bool:
    text = f"Il faut 12 milliards de dollars {line} bien sûr."
    one = only(text)
    return one is not None and (one.qualifier, one.right) == (value, span(text, line)[1])


def counted(carrier: str, noun: str) -> int:
    return len(scene(carrier.format(noun)).sums)


@SUMS.of("amounts/not_money/words")
def thing(line: str, _: Any) -> bool:
    """Beside money, what is counted is no second sum, though an unknown noun would be one."""
    places = (
        "Il faut 3 milliards de dollars et 12 {}.",
        "Il faut 3 milliards de dollars et 12 millions de {}.",
        "Il faut 3 milliards de dollars et quinze {}.",
        "Il faut 3 milliards de dollars et 12 ou 15 {} ainsi.",
    )
    return any(counted(p, line) < max(counted(p, NOISE), counted(p, "puis")) for p in places)


@SUMS.of("amounts/months/words")
def month(line: str, _: Any) -> bool:
    return only(f"Il reste les 12 milliards de {line}.") is not None


@SUMS.of("amounts/moves/words")
def move(line: str, _: Any) -> bool:
    return len(scene(f"Le prix {line} de 5 à 12 milliards de dollars.").sums) == 2


@SUMS.of("amounts/listed")
def column(line: str, value: Any) -> bool:
    head, row = scenes(f"{line.capitalize()} | Levée\nNvidia | 5 milliards de dollars")
    heading = tables.read(head, row, row.sums[0])
    return heading is not None and heading.part == value


# --- background.toml, particulars.toml, status.toml ---


def signs(one: Scene) -> list[Hit[str]]:
    return status.signs(one, negation.find(one))


def stands(line: str, value: Any, text: str, find: Callable[[Scene], list[Hit[str]]]) -> bool:
    """Whether a line is found in a text in its place, and as what it is listed."""
    return (*span(text, line), value) in [(h.first, h.last, h.value) for h in find(scene(text))]


@SUMS.of("background/cues")
def time(line: str, value: Any) -> bool:
    text = f"Il a levé 3 milliards de dollars {before(line, 'on')}."
    return stands(line, value, text, background.signs)


@SUMS.of("particulars/words")
def particular(line: str, value: Any) -> bool:
    one = scene(f"OpenAI vaut 3 milliards de dollars {line}.")
    if value == "additional":
        return particulars.additional(drafted(one, "round"))
    return particulars.basis(drafted(one, "valuation")) == value


@SUMS.of(*(f"status/{s}/phrases" for s in (
    "denied", "talks", "considered", "announced", "completed", "anonymous", "hypothesis",
)))  # fmt: skip
def sign_of(line: str, value: Any) -> bool:
    return stands(line, value, f"Le groupe {before(line, 'un')} chemin.", signs)


@SUMS.of("background/reminders/phrases")
def reminder(line: str, _: Any) -> bool:
    text = f"{line}, Amazon a mis 3 milliards de dollars dans OpenAI."
    told = (drafted(scene(one), "investment") for one in (text, text.replace(line, NOISE)))
    return [reminding.recalled(one) for one in told] == [True, False]


@SUMS.of("status/doubted/phrases")
def doubt(line: str, _: Any) -> bool:
    text = f"Ici {before(line, 'Amazon')} Amazon verse 3 milliards de dollars à OpenAI."
    return "open" in {hit.value for hit in signs(scene(text))}


def bargained(text: str) -> bool:
    one = scene(text)
    return conditions.bargained(one, one.sums[0])


@SUMS.of("status/bargained/before")
def bargaining(line: str, _: Any) -> bool:
    if line.startswith("vers"):  # a title
        text = f"OpenAI : {line} prêt de 2 milliards de dollars"
        return bargained(text) and not bargained(text.replace(" :", ""))
    text = f"OpenAI {before(line, 'un')} prêt de 2 milliards de dollars."
    return bargained(text) and not bargained(text.replace(line, NOISE))


@SUMS.of("status/bargained/behind")
def on_the_table(line: str, _: Any) -> bool:
    text = "Un prêt de 2 milliards de dollars {} ici."
    return bargained(text.format(line)) and not bargained(text.format(NOISE))


@SUMS.of("status/older/before")
def older(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards de dollars, {line} 2 milliards de dollars.")
    return status.contrasted(drafted(one, "round", k=1))


@SUMS.of("status/replaced/before")
def replaced(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards de dollars, {before(line, '2 milliards de dollars')}.")
    return status.left_behind(drafted(one, "round", k=1))


@SUMS.of("status/older/behind")
def once(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards de dollars, pour 2 milliards de dollars {line}.")
    return status.contrasted(drafted(one, "round", k=1))


def denied(text: str) -> bool:
    return any(h.value == "denied" for h in signs(scene(text)))


@SUMS.of("status/planned/verbs")
def planned(line: str, _: Any) -> bool:
    return means_to(f"{line} à") and not means_to(f"{NOISE} à")


@SUMS.of("status/planned/between")
def between(line: str, _: Any) -> bool:
    return means_to(f"veut {line}") and not means_to(f"veut {NOISE}")


def means_to(words: str) -> bool:
    """Whether words before an infinitive say that somebody means to do it."""
    text = f"Le groupe {before(words, 'investir')} 3 milliards de dollars."
    return any(h.value == "planned" for h in signs(scene(text)))


def negated(text: str) -> list[tuple[str, str]]:
    """What negations of a sentence are of: verb, sort."""
    one = scene(text)
    return [(one.low[n.verb], n.sort) for n in negation.find(one)]


@SUMS.of("negation/deeds/stems")
def deed(line: str, _: Any) -> bool:
    return denied(f"Le groupe ne {line} vraiment pas.")


@SUMS.of("negation/denials/stems")
def denial(line: str, _: Any) -> bool:
    return negated(f"Le groupe ne {line} pas.") == [(line, "denial")]


@SUMS.of("negation/undoing/stems")
def undoing(line: str, _: Any) -> bool:
    return negated(f"Le groupe ne {line} pas.") == [(line, "undoing")]


@SUMS.of("negation/silences/stems")
def silence(line: str, _: Any) -> bool:
    return negated(f"Le groupe ne {line} pas.") == [(line, "silence")]


@SUMS.of("negation/halves/first")
def first_half(line: str, _: Any) -> bool:
    return denied(f"Le groupe {before(line, 'investira')} pas.")


@SUMS.of("negation/halves/second")
def second_half(line: str, _: Any) -> bool:
    return denied(f"Le groupe ne verse {line}.") and not denied(f"Le groupe ne verse {NOISE}.")


@SUMS.of("negation/between/words")
def stepped_over(line: str, _: Any) -> bool:
    return negated(f"Le groupe n'a pas {before(line, 'versé')}.") == [("versé", "deed")]


@SUMS.of("negation/helpers/words")
def helper(line: str, _: Any) -> bool:
    return negated(f"Le groupe ne {line} pas verser.") == [("verser", "deed")]


@SUMS.of("negation/mild/words")
def mild(line: str, _: Any) -> bool:
    return negated(f"Le groupe n'investit pas {before(line, 'aujourd')}.") == []


@SUMS.of("negation/breaks/words")
def parted(line: str, _: Any) -> bool:
    one = scene(f"Le groupe n'investit pas là {before(line, 'aucun')} 3 milliards de dollars.")
    (found,) = negation.find(one)
    return not negation.governs(one, one.sums[0], found)


def hangs(clause: str) -> bool:
    """Whether a clause makes a sum hang on a deal."""
    one = scene(f"OpenAI vaut 3 milliards de dollars {clause}.")
    return any(hit.value == "pending" for hit in signs(one))


@SUMS.of("status/pending/deals")
def hanging_deal(line: str, _: Any) -> bool:
    return hangs(f"si {line} aboutit") and not hangs(f"si {NOISE} aboutit")


@SUMS.of("status/pending/stems")
def ending(line: str, _: Any) -> bool:
    return hangs(f"si le tour se {line}") and not hangs(f"si le tour se {NOISE}")


@SUMS.of("status/exceptions/words")
def no_conditional(line: str, _: Any) -> bool:
    return status.is_conditional(f"x{line}") and not status.is_conditional(line)
