"""Sentences and their hashes: words and figures count, typesetting does not."""

from __future__ import annotations

import pytest

from pipelines.sentences import sentence_hash, sentences, spans


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("\n\n", 0),
        ("Une phrase sans point", 1),
        ("Une phrase. Une autre ! Une troisième ? Oui… Non.", 5),
        ("M. Altman et J. Dupont ont vu Mme. Martin. Ils sont partis.", 2),
        ("Le titre a pris 3.5 % à 10 h. Puis il a reculé.", 2),
        ("« Nous signons. » Il a signé.", 2),
        ("Un titre\n\nUn paragraphe. Sa suite.", 3),
        ("OpenAI vaut 300 milliards. 40 milliards ont été levés.", 2),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_spans_point_at_the_sentences() -> None:
    text = "  Une phrase.  Une autre !\n\nUn titre "
    assert [text[start:end] for start, end in spans(text)] == [
        "Une phrase.",
        "Une autre !",
        "Un titre",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’action a pris 3\u00a0%.", "L'action a pris 3 %."),
        ("Elle dit « oui ».", 'Elle dit "oui".'),
        ("Le  groupe\u202f: oui", "le groupe : OUI"),
        ("Un inves\u00adtissement", "Un investissement"),
        ("Hausse – nette…", "Hausse - nette..."),
        ("Le groupe, jeudi , l’a dit", "Le groupe jeudi l’a dit,"),
    ],
)
def test_typesetting_does_not_change_a_sentence(one: str, other: str) -> None:
    assert sentence_hash(one) == sentence_hash(other)


def test_a_figure_does() -> None:
    assert sentence_hash("Amazon met 50 milliards.") != sentence_hash("Amazon met 35 milliards.")
    assert sentence_hash("Amazon met 1,5 milliard.") != sentence_hash("Amazon met 15 milliards.")
    assert sentence_hash("Elle prend 1,5 %.") != sentence_hash("Elle prend 1 5 %.")


def test_a_hash_is_the_same_in_every_process() -> None:
    assert sentence_hash("Amazon met 50 milliards.") == "676ead9cd8a0da3d"
