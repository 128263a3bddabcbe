"""Carriers of the lists of names, media and references, and of the watch."""

from __future__ import annotations

import re
from typing import Any

from pipelines.claims import (
    attribution,
    candidates,
    describing,
    lexicon,
    mentions,
    naming,
    nobody,
    walk,
)
from pipelines.claims.drafts import Draft
from pipelines.claims.features import Place
from pipelines.claims.mentions import Mention
from pipelines.records import Company, Watch
from tests.claims_carriers import (
    KNOWN,
    NOBODY,
    NOISE,
    ZORBLAX,
    Carriers,
    before,
    meant,
    named,
    of,
    referents,
    scene,
    scenes,
    span,
)

NAMES = Carriers()


def head(text: str, line: str) -> Mention | None:
    """The mention that begins with a line."""
    first, _ = span(text, line)
    return next((m for m in named(text) if m.first == first), None)


@NAMES.of("names/heads/company")
def company(line: str, _: Any) -> bool:
    text = f"On aide la {line} de ChatGPT."
    mention = head(text, line)
    return mention is not None and (mention.kind, mention.name) == ("known", "OpenAI")


@NAMES.of("names/heads/person")
def person(line: str, _: Any) -> bool:
    mention = of("Nvidia", f"On aide {line} de Nvidia.")
    begins = mention is not None and mention.first == 2 and mention.prep == ""
    titled = of(ZORBLAX, f"On aide ici le {line} {ZORBLAX}.")
    return begins or (titled is not None and titled.kind == "person")


@NAMES.of("names/heads/family")
def family(line: str, _: Any) -> bool:
    found = named(f"On aide {line.capitalize()} {ZORBLAX}. On aide {ZORBLAX}.")
    return {m.name for m in found} == {f"{line.capitalize()} {ZORBLAX}"}


@NAMES.of("names/trades")
def trade(line: str, value: Any) -> bool:
    beside = of(ZORBLAX, f"On aide le {line} {ZORBLAX}.")
    inside = of(f"{ZORBLAX} {line.capitalize()}", f"On aide {ZORBLAX} {line.capitalize()}.")
    return any(m is not None and m.role == value for m in (beside, inside))


@NAMES.of("names/descriptions")
def description(line: str, value: Any) -> bool:
    text = f"On aide le {line}."
    one = scene(text)
    first, last = span(text, line)
    found = describing.described(one.reading, one.sentence, first)
    return found is not None and (found.sort, found.last) == (value, last)


@NAMES.of("names/joins/words")
def join(line: str, _: Any) -> bool:
    name = f"Bank {before(line, ZORBLAX)}"
    return of(name, f"On aide {name}.") is not None


@NAMES.of("names/marks/words")
def mark(line: str, _: Any) -> bool:
    """ "Elon" is somebody; "Elon Capital" is a company."""
    told = of(f"Elon {line.capitalize()}", f"On aide Elon {line.capitalize()}.")
    return told is not None and told.kind == "unknown"


@NAMES.of("names/never/words")
def never(line: str, _: Any) -> bool:
    spellings = (line.capitalize(), line.upper())
    for spelling in spellings:
        text = before(spelling, "ici") if spelling.endswith("'") else spelling
        found = named(f"On aide {text}.", NOBODY)
        if all(m.kind not in ("unknown", "person") for m in found):
            return True
    return False


@NAMES.of("names/firsts/words")
def first_name(line: str, _: Any) -> bool:
    name = f"{line.capitalize()} {ZORBLAX}"
    mention = of(name, f"On aide {name}.")
    return mention is not None and mention.kind == "person"


@NAMES.of("names/standing/officers")
def officer(line: str, _: Any) -> bool:
    found = named(f"On aide le {line} de Nvidia, Elon {ZORBLAX}.")
    return any(m.sort == "officer" and m.name == "Nvidia" for m in found)


@NAMES.of("names/standing/voices")
def voice(line: str, _: Any) -> bool:
    return any(m.sort == "voice" for m in named(f"On aide le {line} Elon {ZORBLAX}."))


@NAMES.of("names/standing/writings")
def writing(line: str, _: Any) -> bool:
    return any(m.sort == "voice" for m in named(f"On lit une {line} de Nvidia."))


@NAMES.of("names/common/words")
def common(line: str, _: Any) -> bool:
    """Where a capital only opens the sentence it names nobody; inside it names the company."""
    name = line.capitalize()
    known = mentions.compiled(Watch("own", (Company(name, "rival"),)))
    return bool(named(f"On aide {name}.", known)) and not named(f"{name} libre ici.", known)


@NAMES.of("names/nations")
def nation(line: str, value: Any) -> bool:
    told = [of(ZORBLAX, f"On aide le {word} {ZORBLAX}.") for word in (line, value)]
    return all(m is not None and m.nation == value for m in told)


@NAMES.of("nobody/places", "nobody/others")
def no_party(line: str, _: Any) -> bool:
    """At the head of a sentence about money or inside it, it pays nothing; a state may."""
    text = f"{line} va investir 3 milliards de dollars dans OpenAI. On parle de {line}."
    at = scene(f"De {line} à Oracle.")
    end = nobody.nobody(at.reading, at.sentence, 1)
    parties = {m.name for m in named(text, NOBODY) if m.kind != "state"}
    return parties == {"OpenAI"} and end == span(f"De {line} à.", line)[1]


@NAMES.of("references/states")
def state(line: str, value: Any) -> bool:
    """A state gives through its fund where the text names it."""
    both = f"{value} va investir. On parle de {line}."
    return {m.name for m in named(both)} == {line}


ARTICLES = ("l'", "le ", "la ")


def written(line: str) -> str:
    """A list's name of a medium as the press writes it, with its capitals."""
    article = next((a for a in ARTICLES if line.startswith(a)), "")
    words = re.split(r"([ -])", line.removeprefix(article))
    return article + "".join(w[:1].upper() + w[1:] for w in words)


@NAMES.of("outlets/media")
def medium(line: str, value: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards de dollars, selon {written(line)}.")
    return attribution.credit(one).names == (value,)


@NAMES.of("outlets/again/lines")
def again(line: str, _: Any) -> bool:
    return attribution.credit(scene(f"OpenAI lève 3 milliards, selon {line}.")).again


@NAMES.of("outlets/release/lines")
def release(line: str, _: Any) -> bool:
    return attribution.credit(scene(f"OpenAI lève 3 milliards, selon un {line}.")).release


@NAMES.of("outlets/saying/words")
def saying(line: str, _: Any) -> bool:
    def told(word: str) -> bool:
        return attribution.credit(scene(f"Ainsi le journal {word} un tour.")).again

    return told(line) and not told(NOISE)


@NAMES.of("outlets/news/words")
def news(line: str, _: Any) -> bool:
    return attribution.credit(scene(f"Le {line} de Reuters est là.")).refers


@NAMES.of("outlets/told/words")
def told(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards, {line} {ZORBLAX}.")
    return attribution.credit(one).names == (ZORBLAX,)


@NAMES.of("outlets/told/relayed")
def relayed(line: str, _: Any) -> bool:
    one = scene(f"OpenAI lève 3 milliards, dit-on, {line} par {ZORBLAX}.")
    return attribution.credit(one).names == (ZORBLAX,)


# --- references.toml ---

LISTS = {
    2: "Nvidia et Oracle signent. ",
    3: "Nvidia, Oracle et Amazon signent. ",
    4: "Nvidia, Oracle, Amazon et SoftBank signent. ",
    5: "Nvidia, Oracle, Amazon, SoftBank et Microsoft signent. ",
}
#: What a sort of reference stands for, and how many names are listed before it.
MEANT = {
    "first": (2, ["Nvidia"]),
    "second": (2, ["Oracle"]),
    "middle": (2, ["Oracle"]),
    "third": (3, ["Amazon"]),
    "fourth": (4, ["SoftBank"]),
    "last": (4, ["SoftBank"]),
    "first two": (3, ["Nvidia", "Oracle"]),
    "plural": (2, ["Nvidia", "Oracle"]),
    "he": (1, ["OpenAI"]),
    "she": (1, ["OpenAI"]),
}


@NAMES.of("references/personal")
def personal(line: str, value: Any) -> bool:
    count, names = MEANT[value]
    return meant(f"{LISTS.get(count, 'OpenAI signe. ')}{line.capitalize()} verse tout.") == names


@NAMES.of("references/ordinals")
def ordinal(line: str, value: Any) -> bool:
    count, names = MEANT[value]
    return meant(f"{LISTS[count]}Le {line} verse tout.") == names


@NAMES.of("references/alone/words")
def alone(line: str, _: Any) -> bool:
    """Verbs and prepositions are known to be no nouns without a list."""
    told = naming.finite(line) or line in mentions.PREPOSITIONS or not line.isalpha()
    return not told and "Nvidia" in meant(f"{LISTS[2]}Le premier {line}.")


@NAMES.of("references/alone/nouns")
def verblike(line: str, _: Any) -> bool:
    """Verbs by their form: without the list, "la première mise" would be the first one's."""
    return not meant(f"{LISTS[2]}La première {line} verse tout.") and bool(
        meant(f"{LISTS[2]}La première verse tout.")
    )


@NAMES.of("references/plural/counts")
def count(line: str, value: Any) -> bool:
    names = LISTS[value].removesuffix(" signent. ").replace(" et ", ", ").split(", ")
    return meant(f"{LISTS[value]}Les {line} versent tout.") == names


@NAMES.of("references/plural/nouns")
def together_called(line: str, _: Any) -> bool:
    found = referents(f"{LISTS[2]}Les deux {line} versent tout.")
    return [(words, name) for words, _, name in found] == [
        (f"deux {line}", "Nvidia"),
        (f"deux {line}", "Oracle"),
    ]


@NAMES.of("references/together/words")
def at_once(line: str, _: Any) -> bool:
    """Of who do something together, those that the text listed may be the payers."""

    def payers(word: str) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()

        def keep(place: Place) -> list[Draft]:
            found.update(candidates.payer_features(place, "investment", "OpenAI"))
            return []

        text = f"{LISTS[2]}Voici que {word} versent 3 milliards de dollars à OpenAI."
        walk.walk(scenes(text), KNOWN, keep)
        return found

    return ("Nvidia", "Oracle") in payers(line) - payers(NOISE)


@NAMES.of("references/lenders/words")
def lends_unnamed(line: str, _: Any) -> bool:
    """What speaks for lenders without a name where such a word stands in the sentence."""
    found: set[str] = set()

    def keep(place: Place) -> list[Draft]:
        for _, features in candidates.payer_features(place, "debt", "OpenAI")[()]:
            found.update(features)
        return []

    walk.walk(scenes(f"OpenAI emprunte 3 milliards de dollars : {line}."), KNOWN, keep)
    return {f"none|{line}", "none|many|R"} <= found


@NAMES.of("references/impersonal/verbs")
def impersonal(line: str, _: Any) -> bool:
    return not meant(f"OpenAI signe. Il {line} tout.") and bool(
        meant(f"OpenAI signe. Il {NOISE} tout.")
    )


@NAMES.of("references/impersonal/after_being")
def being_so(line: str, _: Any) -> bool:
    return not meant(f"OpenAI signe. Il est {line} ici.") and bool(
        meant(f"OpenAI signe. Il est {NOISE} ici.")
    )


@NAMES.of("references/giving/sorts")
def giving(line: str, _: Any) -> bool:
    verbs = lexicon.words("flow")["verbs"][line]
    return all("OpenAI" in meant(f"OpenAI grandit. Nvidia y va {v} 3 milliards.") for v in verbs)


def nearest(words: str) -> list[str | None]:
    """Of a supplier and the laboratory that was named after it, the one described."""
    return meant(f"On en parle. Nvidia arrive. OpenAI arrive. Hier, {words} est là.")


@NAMES.of("references/sorts/backer", "references/sorts/maker")
def backer(line: str, _: Any) -> bool:
    whole = {
        "chef": "chef de file",
        "gestion": "société de gestion",
        "risqueur": "capital-risqueur",
    }
    line = whole.get(line, line)
    return nearest(f"le {line}") == ["Nvidia"] and nearest("le groupe") == ["OpenAI"]


@NAMES.of("references/trades/words")
def dealer(line: str, _: Any) -> bool:
    text = f"On aide le {line} de puces."
    return [(m.first, m.last) for m in named(text, NOBODY)] == [(3, 6)]


@NAMES.of("references/relations/words")
def relation(line: str, _: Any) -> bool:
    """One of "son groupe" and "son fournisseur" may be the company itself."""
    text = "OpenAI grandit. Nvidia le sait. OpenAI aide son {}."
    found = referents(text.format(line))
    settled = [name for _, sort, name in found if sort != "rival"]  # which looks for two
    return settled == ["Nvidia"] and meant(text.format("groupe")) == ["OpenAI"]


@NAMES.of("references/nations")
def home(line: str, value: Any) -> bool:
    """Named by its nation, if the watch does not call it so anyway."""
    text = f"OpenAI grandit. OpenAI aide {line}. Le {value} est là."
    last = [m.name for g in scenes(text)[-1].groups for m in g.mentions]
    return [line] in (meant(text), last)


# --- the watch ---


def resolves(written_so: str, one: Company, *, shared: bool) -> bool:
    """Whether a sentence that says it so names the company, or holds it for one of several."""
    for text in (f"On aide {written_so}.", f"On aide le {written_so}."):
        for m in named(text):
            if m.name == one.name or (shared and one.name in m.candidates):
                return True
    return False


def unrecognised(one: Company) -> list[str]:
    """Lines of a company of the watch by which no sentence names it."""
    shared = [*one.periphrases, *one.ambiguous]
    lines = [(line, False) for line in (one.name, *one.aliases)]
    lines += [(line.replace("*", "société"), True) for line in shared]
    return [line for line, many in lines if not resolves(line, one, shared=many)]
