"""What the press says is text, on a terminal and in a spreadsheet."""

import pytest

from schedules.printing import comma_separated, json_lines, plain


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("\x1b[31mrouge\x1b[0m", "[31mrouge[0m"),
        ("une\r\nligne\n", "une ligne "),
        ("droite\u202eehcuag", "droiteehcuag"),
        ("nul\x00 et C1\x9b", "nul et C1"),
        ("50\u00a0milliards d’euros", "50\u00a0milliards d’euros"),
    ],
)
def test_a_terminal_gets_no_control_characters(given: str, printed: str) -> None:
    assert plain(given) == printed


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_a_spreadsheet_gets_no_formula(formula: str, capsys: pytest.CaptureFixture[str]) -> None:
    comma_separated([{"title": formula, "amount": [1, None], "id": -3}], ("title", "amount", "id"))
    assert capsys.readouterr().out == f'title,amount,id\n\'{formula},"[1, null]",-3\n'


def test_a_lone_surrogate_is_escaped_and_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    json_lines([{"title": "é \ud800"}])
    assert capsys.readouterr().out == '{"title": "\\u00e9 \\ud800"}\n'
