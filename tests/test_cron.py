"""crontab lines and systemd units: absolute, silent unless something must be done, and valid."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.__main__ import configure
from demo.server import Press
from pipelines import config
from schedules.cron import Place, crontab, units
from schedules.plan import jobs_of
from tests.conftest import Ran
from tests.here import veille as veille  # a fixture

Veille = Callable[..., Ran]

CONTACT = 'contact = "mailto:veille@example.org"\n'
LINE = re.compile(r"^(\S+ \S+ \S+ \S+ \S+) (.+)$")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "veille.toml").write_text(CONTACT)
    return tmp_path


def lines(text: str) -> list[tuple[str, str]]:
    found = [LINE.match(line) for line in text.splitlines() if line and not line.startswith("#")]
    assert all(found), text
    return [(match[1], match[2]) for match in found if match]


def under_cron(command: str) -> subprocess.CompletedProcess[str]:
    """As cron runs a line: /bin/sh, a bare environment, the home as folder, % is special."""
    assert not re.search(r"(?<!\\)%", command)
    return subprocess.run(
        ["/usr/bin/env", "-i", "SHELL=/bin/sh", "/bin/sh", "-c", command.replace(r"\%", "%")],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )


def test_every_line_has_a_time_and_absolute_paths(veille: Veille, here: Path) -> None:
    ran = veille("cron")
    assert (ran.code, ran.err) == (0, "")
    found = lines(ran.out)
    assert [shlex.split(command)[-1] for _, command in found] == [
        "--due",
        "deliver",
        "health",
        "prune",
        "optimise",
        "backup",
    ]
    for when, command in found:
        assert re.fullmatch(r"[\d*/, -]+", when)
        words = shlex.split(command)
        programs = [words[0], *(word for word in words if word.endswith(("python", ".toml")))]
        assert all(Path(word).is_absolute() and Path(word).exists() for word in programs)
        assert "--quiet" in words


def test_the_lines_work_without_an_environment_and_say_nothing(
    veille: Veille, tmp_path: Path
) -> None:
    folder = tmp_path / "a folder with 100 % & 'quotes'"
    with Press() as press:
        path = configure(folder, press.address)
        path.write_text(path.read_text() + '[[channel]]\nname = "c"\nkind = "console"\n')
        for _, command in lines(veille("--config", path, "cron").out):
            ran = under_cron(command)
            assert (ran.returncode, ran.stderr) == (0, ""), command
            # the console channel prints what is to be told, during a crawl already
            if not command.endswith(("deliver", "crawl --due")):
                assert ran.stdout == "", command
    assert (folder / "veille.db").exists()
    assert len(list((folder / "backups").iterdir())) == 1


def test_what_comes_before_the_first_crawl_is_silent(veille: Veille, here: Path) -> None:
    for command in ("deliver", "health"):
        ran = veille("--quiet", command)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        (here / "veille.db").unlink()
        assert veille(command).code == 2  # by hand it is worth a word


def test_a_line_says_what_must_be_done(veille: Veille, here: Path) -> None:
    crawl = lines(veille("cron").out)[0][1]
    (here / "veille.toml").write_text("contact = 3\n")
    ran = under_cron(crawl)
    assert ran.returncode == 2
    assert "veille.toml:1 (contact)" in ran.stderr


def test_a_line_is_silent_while_another_run_is_at_work(veille: Veille, here: Path) -> None:
    from schedules import locks

    veille("import", "-")
    crawl = lines(veille("cron").out)[0][1]
    with locks.crawling(here / "veille.db"):
        ran = under_cron(crawl)
        loud = veille("crawl", "--due")
    assert (ran.returncode, ran.stdout, ran.stderr) == (75, "", "")
    assert (loud.code, "another run holds" in loud.err) == (75, True)


def test_a_bug_is_never_silent(veille: Veille, here: Path) -> None:
    (here / "veille.db").write_text("no database")
    ran = veille("--quiet", "health")
    assert ran.code == 2
    assert "no SQLite file" in ran.err


def test_secrets_of_variables_are_named(veille: Veille, here: Path) -> None:
    (here / "veille.toml").write_text(
        CONTACT + '[health]\nping_url_env = "PING"\n'
        '[[channel]]\nname = "desk"\nkind = "slack"\nurl_env = "DESK_URL"\n'
    )
    told = veille("cron").err
    assert "channel desk takes its secret from the variable DESK_URL" in told
    assert "health.ping_url takes its secret from the variable PING" in told


def test_without_a_contact_there_is_nothing_to_run(veille: Veille) -> None:
    assert veille("cron").code == 2


# -- systemd --------------------------------------------------------------------------------------


def test_a_service_and_a_timer_for_each_job(veille: Veille, here: Path) -> None:
    ran = veille("cron", "--systemd", "--to", "units")
    assert ran.code == 0, ran.err
    names = sorted(path.name for path in (here / "units").iterdir())
    jobs = ("backup", "crawl", "deliver", "health", "optimise", "prune")
    assert names == [f"veille-{job}.{kind}" for job in jobs for kind in ("service", "timer")]
    assert "systemctl enable --now" in ran.err
    crawl = (here / "units" / "veille-crawl.service").read_text()
    for directive in (
        "SuccessExitStatus=3 75",
        "TimeoutStartSec=600",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        f"ReadWritePaths={here}",
        "IPAddressDeny=10.0.0.0/8",
    ):
        assert directive in crawl
    timer = (here / "units" / "veille-prune.timer").read_text()
    assert "OnCalendar=*-*-* 03:40:00 Europe/Paris" in timer
    assert "Persistent=yes" in timer
    assert "RandomizedDelaySec=600" in timer


def test_only_the_crawl_is_kept_out_of_private_networks(veille: Veille, here: Path) -> None:
    """The mail server, a webhook or the dead man's switch may well be on your own network."""
    shown = veille("cron", "--systemd").out
    sections = re.split(r"^# (veille-\S+)$", shown, flags=re.MULTILINE)[1:]
    texts = dict(zip(sections[::2], sections[1::2], strict=True))
    walled = [name for name, text in texts.items() if "IPAddressDeny" in text]
    assert walled == ["veille-crawl.service"]


def test_what_the_configuration_opens_is_open_for_systemd_too(tmp_path: Path) -> None:
    path = tmp_path / "veille.toml"
    path.write_text(
        CONTACT + '[network]\nallow = ["192.0.2.0/24"]\nhosts = { "a.example" = "10.1.2.3:80" }\n'
    )
    read = config.load(path)
    place = Place(("/bin/true",), path, tmp_path / "veille.db", tmp_path / "backups", "root")
    crawl = units(jobs_of(read), place, read)["veille-crawl.service"]
    allowed = re.search(r"^IPAddressAllow=(.*)$", crawl, re.MULTILINE)
    assert allowed
    assert {"192.0.2.0/24", "10.1.2.3"} <= set(allowed[1].split())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong(veille: Veille, tmp_path: Path) -> None:
    folder = tmp_path / "100 %"
    folder.mkdir()
    (folder / "veille.toml").write_text(CONTACT)
    units_folder = tmp_path / "units"
    ran = veille("--config", folder / "veille.toml", "cron", "--systemd", "--to", units_folder)
    assert ran.code == 0, ran.err
    found = sorted(map(str, units_folder.iterdir()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *found],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "veille-" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("minutes", [1, 2, 5, 10, 30, 60])
def test_steps_of_minutes_spread_over_the_hour(minutes: int, tmp_path: Path) -> None:
    path = tmp_path / "veille.toml"
    path.write_text(CONTACT + f"[schedule]\ncrawl_minutes = {minutes}\n")
    read = config.load(path)
    place = Place(("/bin/true",), path, tmp_path / "veille.db", tmp_path / "backups", "root")
    when = lines(crontab(jobs_of(read), place))[0][0].split()[0]
    start, _, step = when.partition("-59/")
    if minutes == 1:
        assert when == "*"
    elif minutes == 60:
        assert 0 <= int(when) < 60
    else:
        assert (0 <= int(start) < minutes, step) == (True, str(minutes))
