"""What is said of a wrong veille.toml.

In the tables of wrong files the left column is the file, the right column the problems that its
line must give: `#! code` with the stable code of each. A line without them must give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from pipelines import config
from pipelines.config import (
    ChannelKind,
    ConfigError,
    Problem,
)
from tests.configured import problems_of, written

EXPECTED = re.compile(r"#! ([a-z0-9 -]+)$")


def two_columns(text: str, problems: Iterable[Problem]) -> str:
    """The file with, at the end of each line, the codes that were found there."""
    lines = [EXPECTED.sub("", line).rstrip() for line in text.splitlines()]
    for problem in problems:
        found = re.search(r"veille\.toml:(\d+)", problem.place)
        at = int(found[1]) - 1 if found else len(lines) - 1
        mark = "" if "#!" in lines[at] else "  #!"
        lines[at] += f"{mark} {problem.code}"
    return "\n".join(lines)


def same_columns(text: str) -> str:
    return "\n".join(re.sub(r"\s+#!", "  #!", line).rstrip() for line in text.splitlines())


WRONG_FILES = {
    "a slip in a key, at the top and in a table": """
        contakt = "https://example.org/"              #! unknown-key
        [network]
        alow = []                                     #! unknown-key
        """,
    "types as TOML gives them, nothing is converted": """
        database = 3                                  #! wrong-type
        retain_text_days = "8"                        #! wrong-type
        store_authors = 1                             #! wrong-type
        [network]
        pace_seconds = "5"                            #! wrong-type
        allow = "127.0.0.0/8"                         #! wrong-type
        """,
    "numbers out of any sense": """
        retain_text_days = -1                         #! out-of-range
        [network]
        pace_seconds = -0.5                           #! out-of-range
        [crawl]
        deadline_seconds = 0                          #! out-of-range
        max_bytes = 1                                 #! out-of-range
        revisit_hours = [1, 0, 24]                    #! out-of-range
        """,
    "a deadline in which nobody can be asked": """
        [crawl]
        deadline_seconds = 8                          #! out-of-range
        """,
    "a pace that the deadline has no room for": """
        [network]
        pace_seconds = 60
        [crawl]
        deadline_seconds = 90                         #! out-of-range
        """,
    "a pace that is no number": """
        [network]
        pace_seconds = nan                            #! bad-value
        """,
    "a contact that nobody can write to": """
        contact = "a friendly robot"                  #! bad-contact
        """,
    "a contact left empty": """
        contact = ""                                  #! bad-contact
        """,
    "a contact that would break the header": r"""
        contact = "https://example.org/\r\nX-Evil: 1" #! bad-contact
        """,
    "a time zone that does not exist": """
        timezone = "Europe/Pari"                      #! unknown-timezone
        """,
    "a time zone that is a way out of the folder": """
        timezone = "../../etc/passwd"                 #! unknown-timezone
        """,
    "a language that alerts are not written in": """
        language = "de"                               #! not-in-list
        """,
    "networks and hosts": """
        [network]
        allow = [
          "127.0.0.0/8",
          "::1",
          "127.0.0.1/8",                              #! bad-network
          "localhost",                                #! bad-network
        ]
        [network.hosts]
        "a.example" = "127.0.0.1:8099"
        "b.example" = "[::1]:8099"
        "c.example" = "127.0.0.1"                     #! bad-host
        "d.example" = "127.0.0.1:99999"               #! bad-host
        "e.example" = "http://127.0.0.1:80"           #! bad-host
        "f.example" = "::1:80"                        #! bad-host
        "g.example" = ":80"                           #! bad-host
        "https://h.example" = "127.0.0.1:80"          #! bad-host
        "i.example" = 8099                            #! wrong-type
        """,
    "a channel without name or kind": """
        [[channel]]                                   #! missing-key
        name = "a"
        [[channel]]                                   #! missing-key
        kind = "console"
        """,
    "a kind of channel that there is not": """
        [[channel]]
        name = "a"
        kind = "sms"                                  #! not-in-list
        """,
    "one bracket for two": """
        [channel]                                     #! wrong-type
        name = "a"
        kind = "console"
        """,
    "two brackets for one": """
        [[network]]                                   #! wrong-type
        pace_seconds = 1
        """,
    "two channels of one name": """
        [[channel]]
        name = "a"
        kind = "console"
        [[channel]]
        name = "a"                                    #! duplicate
        kind = "console"
        """,
    "rules with words that are not on their lists": """
        [[channel]]
        name = "a"
        kind = "console"
        kinds = ["round", "funding"]                  #! not-in-list
        changes = ["confirm"]                         #! not-in-list
        when = "hourly"                               #! not-in-list
        weekday = "lundi"                             #! not-in-list
        languages = ["français"]                      #! bad-value
        companies = ["OpenAI", "Open AI"]             #! unknown-company
        at = "7h30"                                   #! bad-time
        quiet_hours = "22:00"                         #! bad-time
        least_amount = -1                             #! out-of-range
        least_confidence = 50                         #! out-of-range
        cap_per_hour = 1.5                            #! wrong-type
        """,
    "keys of another kind of channel": """
        [[channel]]
        name = "a"
        kind = "console"
        host = "smtp.example.org"                     #! unknown-key
        """,
    "mail without what it needs": """
        [[channel]]                                   #! missing-key missing-key missing-key
        name = "a"
        kind = "email"
        """,
    "mail addresses and servers": r"""
        [[channel]]
        name = "a"
        kind = "email"
        host = "smtp://smtp.example.org"              #! bad-host
        port = 0                                      #! out-of-range
        security = "ssl"                              #! not-in-list
        from = "Veille <veille@example.org"           #! bad-mail-address
        to = ["a@b.example", "me", "a@b\nBcc: c@d"]   #! bad-mail-address bad-mail-address
        """,
    "mail to nobody": """
        [[channel]]
        name = "a"
        kind = "email"
        host = "127.0.0.1"
        from = "veille@example.org"
        to = []                                       #! missing-value
        """,
    "a user name without its password": """
        [[channel]]                                   #! missing-key
        name = "a"
        kind = "email"
        host = "smtp.example.org"
        username = "veille"
        from = "veille@example.org"
        to = ["veille@example.org"]
        """,
    "a password in the clear": """
        [[channel]]
        name = "a"
        kind = "email"
        host = "smtp.example.org"
        security = "none"                             #! insecure
        username = "veille"
        password = "hunter2"
        from = "veille@example.org"
        to = ["veille@example.org"]
        """,
    "a secret in two places": """
        [health]
        ping_url = "https://example.org/ping"
        ping_url_file = "ping"                        #! secret-twice
        [[channel]]
        name = "a"
        kind = "slack"
        url_env = "SLACK_URL"
        url_file = "slack.url"                        #! secret-twice
        """,
    "a second reader without what it needs": """
        [second_reader]                               #! missing-key missing-key
        """,
    "a second reader with slips": """
        retain_text_days = 0
        [second_reader]                               #! bad-value
        url = "ollama"                                #! bad-url
        model = ""                                    #! bad-value
        api_key_env = "sk-123"                        #! bad-value
        timeout_seconds = 0                           #! out-of-range
        max_a_day = 0                                 #! out-of-range
        every_minutes = 7                             #! out-of-range
        max_per_day = 5                               #! unknown-key
        """,
    "a key that would travel in the clear": """
        [second_reader]
        url = "http://models.example.org/v1"
        model = "small"
        api_key_file = "key"                          #! insecure
        """,
    "a webhook without an address, one with a wrong one": """
        [[channel]]                                   #! missing-key
        name = "a"
        kind = "webhook"
        [[channel]]
        name = "b"
        kind = "webhook"
        url = "ftp://example.org/"                    #! bad-url
        [[channel]]
        name = "c"
        kind = "webhook"
        url_env = "https://example.org/"              #! bad-value
        """,
    "a watch without a company": """
        [[watch]]
        name = "Mistral"
        company = []                                  #! missing-value
        """,
    "companies of a watch": """
        [[watch]]
        name = "Mistral"
        least_confidence = 2                          #! out-of-range
        [[watch.company]]                             #! missing-key
        name = "Mistral AI"
        [[watch.company]]
        name = "ASML"
        role = "backer"                               #! not-in-list
        alias = ["ASML Holding"]                      #! unknown-key
        """,
    "a name that two companies share": """
        [[watch]]
        name = "Mistral"
        [[watch.company]]
        name = "Mistral AI"
        role = "subject"
        periphrases = ["la pépite française"]
        [[watch.company]]
        name = "ASML"
        role = "investor"
        aliases = ["Mistral AI"]                      #! duplicate
        periphrases = ["La pépite française"]         #! duplicate
        """,
    "two watches of one name": """
        [[watch]]
        name = "Mistral"
        company = [{ name = "Mistral AI", role = "subject" }]
        [[watch]]
        name = "Mistral"                              #! duplicate
        company = [{ name = "Mistral AI", role = "subject" }]
        """,
    "a watch that is not there, and one given twice": """
        [[watch]]
        file = "watches/nobody.toml"                  #! file-missing
        [[watch]]
        file = "watches/openai.toml"
        name = "OpenAI"                               #! unknown-key
        """,
    "a text that does not end": """
        contact = "https://example.org/               #! toml-syntax
        timezone = "Europe/Paris"
        """,
    "a key twice": """
        timezone = "Europe/Paris"
        timezone = "Europe/Brussels"                  #! toml-syntax
        """,
    "a word without quotes": """
        language = fr                                 #! toml-syntax
        """,
}


@pytest.mark.parametrize("text", WRONG_FILES.values(), ids=WRONG_FILES)
def test_every_problem_of_a_file_is_named_at_its_line(text: str, tmp_path: Path) -> None:
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    bare = re.sub(r"\s*#! .*$", "", text, flags=re.MULTILINE)
    assert two_columns(text, problems_of(tmp_path, bare)) == same_columns(text)


HINTS = {
    'contakt = "x"': "did you mean `contact`?",
    'timezone = "europe/paris"': "did you mean `Europe/Paris`?",
    '[[channel]]\nname = "a"\nkind = "mail"': "did you mean `email`?",
    '[[channel]]\nname = "a"\nkind = "console"\nwen = "daily"': "did you mean `when`?",
    '[[channel]]\nname = "a"\nkind = "console"\ncompanies = ["Amzon"]': "did you mean `Amazon`?",
    '[network]\nallow = ["127.0.0.1/8"]': 'the network is "127.0.0.0/8"',
    '[crawl]\ncontact = "https://example.org/"': "`contact` belongs above the first [table]",
    '[channel]\nname = "a"': "[[channel]]",
    "[[crawl]]": "[crawl]",
}


@pytest.mark.parametrize(("text", "hint"), HINTS.items())
def test_a_hint_says_what_was_probably_meant(text: str, hint: str, tmp_path: Path) -> None:
    (problem, *_) = problems_of(tmp_path, text)
    assert hint in problem.hint


def test_a_problem_has_file_line_and_key(tmp_path: Path) -> None:
    text = 'contact = "https://example.org/"\n\n[[channel]]\nname = "a"\nkind = "sms"\n'
    (problem,) = problems_of(tmp_path, text)
    assert problem.place == f"{tmp_path / 'veille.toml'}:5 (channel[0].kind)"
    assert problem.message == f"must be one of {', '.join(get_args(ChannelKind))}"


def test_a_syntax_error_has_line_and_column(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "a = 1\nb = = 2\n")
    assert problem.place == f"{tmp_path / 'veille.toml'}:2:5"


def test_a_wrong_watch_file_is_named_itself(tmp_path: Path) -> None:
    written(tmp_path, 'name = "X"\ncompany = [{ name = "X", rolle = "subject" }]\n', "x.toml")
    problems = problems_of(tmp_path, 'contakt = ""\n[[watch]]\nfile = "x.toml"\n')
    assert [(problem.code, Path(problem.place.split(" ")[0]).name) for problem in problems] == [
        ("unknown-key", "veille.toml:1"),
        ("missing-key", "x.toml:2"),
        ("unknown-key", "x.toml:2"),
    ]


def test_a_message_does_not_steer_the_terminal(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, r'"\u001b]0;veille\u0007" = 1')
    assert str(problem).replace("\n", "").isprintable()


UNREADABLE = {
    "missing": ("file-missing", None),
    "not UTF-8": ("not-utf8", 'contact = "é"'.encode("latin-1")),
    "nested too deeply": ("toml-syntax", b"a = " + b"[" * 100_000),
}


@pytest.mark.parametrize(("code", "content"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_says_why(
    code: str, content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "veille.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path)
    assert caught.value.problems[0].code == "file-unreadable"
