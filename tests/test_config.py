"""veille.toml: what it gives; secrets are read when they are used, and shown nowhere."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from pipelines import config
from pipelines.config import (
    CONSOLE,
    Backup,
    Channel,
    Secret,
    SecretError,
)
from tests.configured import loaded, problems_of, written


def test_a_file_from_another_editor_reads_the_same(tmp_path: Path) -> None:
    plain = loaded(tmp_path, 'timezone = "Europe/Brussels"\n[crawl]\nmax_redirects = 3\n')
    path = tmp_path / "veille.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert config.load(path) == plain


def test_without_a_file_the_console_is_told_and_nobody_is_crawled() -> None:
    default = config.load(None)
    assert default.contact is None
    assert default.channels == (CONSOLE,)
    (watch,) = default.watches
    assert "OpenAI" in [company.name for company in watch.companies]
    assert default.network.allow == ()
    assert default.catalogue is None


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    default = replace(
        config.load(None),
        path=tmp_path / "veille.toml",
        directory=tmp_path,
        database=tmp_path / "veille.db",
        backup=Backup(tmp_path / "backups"),
    )
    assert loaded(tmp_path, "") == default


def test_the_keys_that_scripts_rely_on(tmp_path: Path) -> None:
    read = loaded(
        tmp_path,
        """
        contact = "https://example.org/veille, mailto:veille@example.org"
        database = "run/veille.db"
        catalogue = "outlets.toml"
        timezone = "Europe/Brussels"
        retain_text_days = 0
        [network]
        allow = ["127.0.0.0/8"]
        hosts = { "LeNumerique.example" = "127.0.0.1:8099" }
        pace_seconds = 0
        """,
    )
    assert read.contact == "https://example.org/veille, mailto:veille@example.org"
    assert read.database == tmp_path / "run" / "veille.db"
    assert read.catalogue == tmp_path / "outlets.toml"
    assert read.timezone == "Europe/Brussels"
    assert read.retain_text_days == 0
    assert read.network.allow == ("127.0.0.0/8",)
    assert read.network.hosts == {"lenumerique.example": "127.0.0.1:8099"}
    assert read.network.pace_seconds == 0


@pytest.mark.parametrize(
    "contact",
    [
        "https://example.org/veille",
        "mailto:veille@example.org",
        "veille@example.org",
        "https://example.org/veille; veille@example.org",
        "Jeanne Doe <mailto:veille@example.org>",
    ],
)
def test_a_contact_is_a_page_or_a_mail_address(contact: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, f'contact = "{contact}"').contact == contact


def test_absolute_paths_stay_as_they_are(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'database = "/var/lib/veille.db"').database == Path(
        "/var/lib/veille.db"
    )


def test_every_kind_of_channel(tmp_path: Path) -> None:
    read = loaded(
        tmp_path,
        """
        language = "en"
        [[channel]]
        name = "mail"
        kind = "email"
        language = "fr"
        host = "smtp.example.org"
        security = "smtps"
        username = "veille"
        password_file = "mail.password"
        from = "Veille <veille@example.org>"
        to = ["a@example.org", "b@example.org"]
        companies = ["OpenAI"]
        changes = ["new", "confirmed"]
        at = 08:00:00
        quiet_hours = "22:00-07:00"
        [[channel]]
        name = "team"
        kind = "slack"
        url_env = "SLACK_URL"
        [[channel]]
        name = "hook"
        kind = "webhook"
        url = "http://127.0.0.1:8000/hook"
        secret = "s"
        [[channel]]
        name = "phone"
        kind = "apprise"
        url = "ntfy://veille"
        """,
    )
    mail, team, hook, phone = read.channels
    assert mail.options == config.Email(
        host="smtp.example.org",
        port=465,
        security="smtps",
        sender="Veille <veille@example.org>",
        to=("a@example.org", "b@example.org"),
        username="veille",
        password=Secret(file=tmp_path / "mail.password"),
    )
    assert mail.rules.companies == ("OpenAI",)
    assert mail.rules.changes == ("new", "confirmed")
    assert mail.rules.at == time(8)
    assert mail.rules.quiet_hours == (time(22), time(7))
    assert mail.language == "fr"
    assert team == Channel("team", "slack", config.Slack(Secret(env="SLACK_URL")), language="en")
    assert hook.secrets() == {
        "url": Secret(inline="http://127.0.0.1:8000/hook"),
        "secret": Secret(inline="s"),
    }
    assert phone.options == config.Apprise(Secret(inline="ntfy://veille"))


def test_a_second_watch_needs_no_code(tmp_path: Path) -> None:
    written(
        tmp_path,
        """
        name = "Mistral"
        least_confidence = 0.7
        words = ["Le Chat"]
        [[company]]
        name = "Mistral AI"
        role = "subject"
        aliases = ["Mistral"]
        periphrases = ["la pépite française de l'IA"]
        ambiguous = ["la start-up parisienne"]
        """,
        "mistral.toml",
    )
    read = loaded(
        tmp_path,
        '[[watch]]\nfile = "watches/openai.toml"\n[[watch]]\nfile = "mistral.toml"\n'
        '[[watch]]\nname = "xAI"\ncompany = [{ name = "xAI", role = "rival" }]\n',
    )
    shipped, mistral, xai = read.watches
    assert shipped == config.load(None).watches[0]
    assert (mistral.name, xai.name) == ("Mistral", "xAI")
    assert mistral.least_confidence == 0.7
    assert mistral.words == ("Le Chat",)
    assert mistral.companies[0].ambiguous == ("la start-up parisienne",)


def test_a_configuration_travels_to_worker_processes(tmp_path: Path) -> None:
    read = loaded(tmp_path, '[network.hosts]\n"a.example" = "127.0.0.1:1"\n')
    assert pickle.loads(pickle.dumps(read)) == read


class TestSecrets:
    def test_a_secret_comes_from_the_file_a_variable_or_a_file_of_its_own(
        self, tmp_path: Path
    ) -> None:
        written(tmp_path, "s3cret\n", "password")
        assert Secret(inline="s3cret").reveal() == "s3cret"
        assert Secret(env="PASSWORD").reveal({"PASSWORD": "s3cret"}) == "s3cret"
        assert Secret(file=tmp_path / "password").reveal() == "s3cret"

    @pytest.mark.parametrize("name", ["missing", "empty"])
    def test_a_file_without_it_is_named(self, name: str, tmp_path: Path) -> None:
        written(tmp_path, "\n", "empty")
        with pytest.raises(SecretError, match=name):
            Secret(file=tmp_path / name).reveal()

    def test_a_variable_without_it_is_named(self) -> None:
        with pytest.raises(SecretError, match="PASSWORD"):
            Secret(env="PASSWORD").reveal({})

    def test_its_text_is_not_printed(self) -> None:
        assert "s3cret" not in repr(Secret(inline="s3cret"))


def test_no_message_repeats_a_secret(tmp_path: Path) -> None:
    text = """
        [health]
        ping_url = "hunter2 https://example.org/"
        [[channel]]
        name = "a"
        kind = "email"
        host = "smtp.example.org"
        username = "veille"
        password = ["hunter2"]
        pasword = "hunter2"
        password_env = "hunter2!"
        [[channel]]
        name = "b"
        kind = "slack"
        url = "https://user:hunter2@hooks.example.org/"
        """
    problems = problems_of(tmp_path, text)
    assert len(problems) > 4
    assert "hunter2" not in "\n".join(str(problem) for problem in problems)
