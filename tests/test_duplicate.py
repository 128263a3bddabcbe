"""Copies, revisions and new texts, on articles made up for the purpose."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from pipelines.duplicate import (
    LEAST_SHARED,
    SCHEME,
    Candidate,
    Signature,
    containment,
    judge,
    sign,
)

_SYLLABLES = "ba co di fu ga lo ma ni po ra sé ti vu cha ble dre mon tion eur ment ail oi".split()
_COMMON = "le la de des un une et à en que qui dans pour sur par au il a est ce du les".split()


def _words(luck: random.Random, count: int = 1500) -> list[str]:
    return ["".join(luck.choices(_SYLLABLES, k=luck.randint(2, 4))) for _ in range(count)]


def _sentence(luck: random.Random, words: list[str]) -> str:
    # as in French, every other word is one of a few
    size = luck.randint(12, 24)
    drawn = [luck.choice(_COMMON if luck.random() < 0.45 else words) for _ in range(size)]
    return " ".join(drawn).capitalize() + "."


def _story(luck: random.Random, words: list[str]) -> list[list[str]]:
    """Facts of a story; each is told in one of six ways (agencies, statements, quotations)."""
    return [[_sentence(luck, words) for _ in range(6)] for _ in range(12)]


def _article(luck: random.Random, words: list[str], story: list[list[str]]) -> str:
    told = [luck.choice(ways) for ways in story] + [_sentence(luck, words) for _ in range(8)]
    luck.shuffle(told)
    return " ".join(told)


def _edited(luck: random.Random, text: str, share: float, words: list[str]) -> str:
    return " ".join(luck.choice(words) if luck.random() < share else w for w in text.split())


def _cut(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: round(len(words) * share)])


def _beside(new: Signature, stored: Signature, article: int = 1) -> Candidate:
    shared = len(set(new.sample) & set(stored.sample))
    return Candidate(article, stored.exact, stored.shingles, len(stored.sample), shared)


@pytest.mark.parametrize("cut", [1 / 3, 1 / 2, 2 / 3, 1.0])
@pytest.mark.parametrize("edits", [0.02, 0.05, 0.10])
def test_a_copy_that_was_cut_and_edited_is_found(cut: float, edits: float) -> None:
    luck = random.Random(f"{cut} {edits}")
    words = _words(luck)
    found = 0
    for _ in range(100):
        wire = _article(luck, words, _story(luck, words))
        new = sign(_edited(luck, _cut(wire, cut), edits, words))
        found += judge(new, [_beside(new, sign(wire))]).sameness == "copy"
    assert found >= 98


def test_half_of_the_copies_with_a_word_in_five_replaced_are_found() -> None:
    luck = random.Random(20)
    words = _words(luck)
    found = 0
    for _ in range(100):
        wire = _article(luck, words, _story(luck, words))
        new = sign(_edited(luck, _cut(wire, 2 / 3), 0.20, words))
        found += judge(new, [_beside(new, sign(wire))]).sameness == "copy"
    assert found >= 80


def test_different_articles_about_one_story_are_no_copies() -> None:
    luck = random.Random(7)
    words = _words(luck)
    for _ in range(50):
        story = _story(luck, words)
        articles = [_article(luck, words, story) for _ in range(21)]
        for one, other in pairwise(map(sign, articles)):
            assert judge(other, [_beside(other, one)]).sameness == "new"


def test_a_teaser_of_sixty_words_is_found_in_the_whole_article() -> None:
    luck = random.Random(3)
    words = _words(luck)
    found = 0
    for _ in range(100):
        whole = _article(luck, words, _story(luck, words))
        teaser = sign(" ".join(whole.split()[:60]))
        verdict = judge(teaser, [_beside(teaser, sign(whole), article=4)])
        found += (verdict.sameness, verdict.copy_of, verdict.share) == ("copy", 4, 1.0)
    assert found >= 98


def test_typography_does_not_make_a_text_new() -> None:
    assert (
        sign("L’action a pris 3 %, « dit-on ».").exact
        == sign('l\'action a pris 3\u00a0%, "DIT-ON"').exact
    )


def test_a_changed_figure_does() -> None:
    assert (
        sign("Amazon mettrait 50 milliards.").exact != sign("Amazon mettrait 35 milliards.").exact
    )


def test_the_same_text_at_the_same_address_is_unchanged() -> None:
    text = sign("OpenAI a bouclé son tour de table.")
    assert judge(text, [], previous=_beside(text, text, article=9)).sameness == "unchanged"


def test_another_text_at_the_same_address_is_a_revision() -> None:
    before, now = sign("Un premier texte."), sign("Un texte corrigé.")
    verdict = judge(now, [], previous=_beside(now, before, article=9))
    assert (verdict.sameness, verdict.previous, verdict.copy_of) == ("revision", 9, None)


def test_a_revision_that_became_a_copy_says_of_what() -> None:
    before, now = sign("Article en cours de rédaction."), sign("La dépêche entière et rien d'autre")
    verdict = judge(now, [_beside(now, now, article=2)], previous=_beside(now, before, article=9))
    assert (verdict.sameness, verdict.previous, verdict.copy_of) == ("revision", 9, 2)


def test_the_earliest_of_several_is_the_one_copied() -> None:
    text = sign("Trois journaux impriment la même dépêche.")
    near = [_beside(text, text, article=n) for n in (12, 5, 30)]
    assert judge(text, near).copy_of == 12  # they come in order of publication


def test_texts_that_could_not_be_read_are_not_copies_of_each_other() -> None:
    empty = sign("")
    assert judge(empty, [_beside(empty, empty)]).sameness == "new"


def test_a_short_phrase_in_common_is_no_copy() -> None:
    new = sign("mot " * 3)
    near = Candidate(1, "other", 40, 10, LEAST_SHARED - 1)
    assert judge(new, [near]).sameness == "new"


def test_the_sample_is_the_same_wherever_the_shingles_stand() -> None:
    luck = random.Random(5)
    words = _words(luck)
    part, rest = _sentence(luck, words), _sentence(luck, words)
    inner, outer = sign(part), sign(f"{rest} {part} {rest}")
    assert inner.sample
    assert set(inner.sample) <= set(outer.sample)
    assert all(0 <= value < 2**63 for value in outer.sample)


def test_containment_is_that_of_the_shorter_text_whichever_is_stored() -> None:
    luck = random.Random(6)
    words = _words(luck)
    long = " ".join(_sentence(luck, words) for _ in range(40))
    whole, third = sign(long), sign(_cut(long, 1 / 3))
    assert containment(third, _beside(third, whole)) == 1.0
    # the stored text's count at the coarser rate is estimated
    assert containment(whole, _beside(whole, third)) > 0.8


@pytest.mark.parametrize("edits", [0.0, 0.05, 0.10])
def test_a_short_copy_stored_first_is_found_by_its_long_original(edits: float) -> None:
    luck = random.Random(f"first {edits}")
    words = _words(luck)
    found = 0
    for _ in range(100):
        whole = _article(luck, words, _story(luck, words))
        short, long = sign(_edited(luck, _cut(whole, 1 / 3), edits, words)), sign(whole)
        found += judge(long, [_beside(long, short)]).sameness == "copy"
    assert found >= 98


@pytest.mark.parametrize("edits", [0.02, 0.05, 0.10])
@pytest.mark.parametrize("length", [120, 150, 200])
def test_a_third_of_an_agencys_brief_is_found(length: int, edits: float) -> None:
    luck = random.Random(f"short {length} {edits}")
    words = _words(luck)
    found = 0
    for _ in range(200):
        wire = " ".join(_article(luck, words, _story(luck, words)).split()[:length])
        new = sign(_edited(luck, _cut(wire, 1 / 3), edits, words))
        found += judge(new, [_beside(new, sign(wire))]).sameness == "copy"
    assert found >= 196


def test_signing_is_the_same_in_every_process() -> None:
    signature = sign("Un tour de table de 110 milliards de dollars pour OpenAI")
    assert signature.exact == "4fe9c75f4df34b7c8c94562991132673"
    assert signature.sample == (
        603803687415008127,
        751998302515598730,
        2655852100928536210,
        5259838798052120476,
        6322533367259058798,
        6604085271781448712,
        8016538792914959484,
        8178918592655540284,
        8426773433418570155,
    )


@pytest.mark.parametrize("text", ["", "\ud800 seul", "\x00" * 50, "a" * 100_000, "é́" * 500])
def test_any_string_can_be_signed(text: str) -> None:
    assert sign(text).scheme == SCHEME
