"""The catalogue: what ships, what a user may give, and what is said of a wrong one.

In the table of wrong files `#! code` marks the line where a problem of that code must be found; a
line without a mark must give none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines import outlets
from pipelines.outlets_schema import OutletTable
from pipelines.problems import ConfigError, Problem
from pipelines.records import Feed, Outlet

REQUIRED = 'id = "a"\nname = "A"\nhome = "https://a.example/"\npolicy = "probe"\n'


def loaded(directory: Path, text: str) -> tuple[Outlet, ...]:
    path = directory / "outlets.toml"
    path.write_text(text, "utf-8")
    return outlets.load(path)


def two_columns(text: str, problems: Iterable[Problem]) -> str:
    """The file with, at the end of each line, the codes that were found there."""
    lines = [re.sub(r"\s*#!.*", "", line) for line in text.splitlines()]
    for problem in problems:
        found = re.search(r"outlets\.toml:(\d+)", problem.place)
        at = int(found[1]) - 1 if found else 0
        lines[at] += f"{'' if '#!' in lines[at] else '  #!'} {problem.code}"
    return "\n".join(lines)


WRONG_FILES = {
    "an outlet without anything": """
        [[outlet]]                  #! missing-key missing-key missing-key missing-key no-way-in
        """,
    "nothing says where the articles are": """
        [[outlet]]                          #! no-way-in
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "feed"
        feeds = []
        """,
    "a slip in a key, in the outlet and in its feed": """
        [[outlet]]
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "probe"
        polices = "x"                       #! unknown-key
        feeds = [
          { url = "https://a.example/rss" },
          { uri = "https://a.example/atom" }, #! missing-key unknown-key
        ]
        """,
    "a feed that is not a table": """
        [[outlet]]
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "probe"
        feeds = ["https://a.example/rss"]   #! wrong-type
        """,
    "a policy that there is not": """
        [[outlet]]
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "open"                     #! not-in-list
        listing = "https://a.example/"
        """,
    "values out of any sense": """
        [[outlet]]
        id = "Le Monde"                     #! bad-value
        name = ""                           #! bad-value
        home = "www.lemonde.example"        #! bad-url
        policy = "probe"
        listing = "https://a.example/"
        tier = 4                            #! out-of-range
        pace_seconds = -1                   #! out-of-range
        every_minutes = 0                   #! out-of-range
        country = "France"                  #! bad-value
        language = "français"               #! bad-value
        enabled = "no"                      #! wrong-type
        take = "some"                       #! not-in-list
        """,
    "addresses that no crawler should ask": r"""
        [[outlet]]
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "probe"
        sitemaps = [
          "https://a.example/news.xml",
          "file:///etc/passwd",             #! bad-url
          "https://user:word@a.example/",   #! bad-url
          "https://a.example:99999/",       #! bad-url
          "https:///news.xml",              #! bad-url
          "https://a.example/\nx",          #! bad-url
          'https://a.example\@b.example/',  #! bad-url
        ]
        """,
    "two outlets of one id, one feed in two outlets": """
        [[outlet]]
        id = "a"
        name = "A"
        home = "https://a.example/"
        policy = "probe"
        feeds = [{ url = "https://a.example/rss" }]
        [[outlet]]
        id = "a"                            #! duplicate
        name = "B"
        home = "https://b.example/"
        policy = "probe"
        feeds = [{ url = "https://a.example/rss" }] #! duplicate
        """,
    "one bracket for two": """
        [outlet]                            #! wrong-type
        id = "a"
        """,
}


@pytest.mark.parametrize("text", WRONG_FILES.values(), ids=WRONG_FILES)
def test_every_problem_of_a_catalogue_is_named_at_its_line(text: str, tmp_path: Path) -> None:
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    bare = re.sub(r"\s*#!.*$", "", text, flags=re.MULTILINE)
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, bare)
    wanted = "\n".join(re.sub(r"\s+#!", "  #!", line) for line in text.splitlines())
    assert two_columns(text, caught.value.problems) == wanted


@pytest.mark.parametrize("text", ["", "outlet = []\n"])
def test_a_catalogue_without_outlets_is_a_slip(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert len(caught.value.problems) == 1


def test_what_a_user_gives_is_enough(tmp_path: Path) -> None:
    (outlet,) = loaded(
        tmp_path, f'[[outlet]]\n{REQUIRED}feeds = [{{ url = "https://a.example/rss" }}]\n'
    )
    assert outlet == Outlet(
        "a", "A", "https://a.example/", "probe", feeds=(Feed("https://a.example/rss"),)
    )
    assert outlet.enabled
    assert outlet.voice == "a"


@pytest.mark.parametrize(
    "way_in", ['sitemaps = ["https://a.example/s.xml"]', 'listing = "https://a.example/news"']
)
def test_a_sitemap_or_a_listing_will_do(way_in: str, tmp_path: Path) -> None:
    (outlet,) = loaded(tmp_path, f"[[outlet]]\n{REQUIRED}{way_in}\n")
    assert outlet.sitemaps or outlet.listing


@pytest.mark.parametrize("switch", ["enabled = false", 'policy = "off"'])
def test_an_outlet_that_is_off_needs_no_feed(switch: str, tmp_path: Path) -> None:
    table = REQUIRED.replace('policy = "probe"\n', "") if "policy" in switch else REQUIRED
    assert len(loaded(tmp_path, f"[[outlet]]\n{table}{switch}\n")) == 1


def test_evidence_is_kept_for_people_and_not_read(tmp_path: Path) -> None:
    text = f'[[outlet]]\n{REQUIRED}listing = "https://a.example/"\n'
    evidence = 'kind = "tech"\nnotes = "seen"\ntdm = "none"\nconfirmations = 3\n'
    assert loaded(tmp_path, text + evidence) == loaded(tmp_path, text)


class TestTheCatalogueThatShips:
    def test_it_has_every_candidate(self) -> None:
        shipped = outlets.load(None)
        assert len(shipped) == 84
        by_policy = Counter((outlet.policy, outlet.enabled) for outlet in shipped)
        assert by_policy == {
            ("probe", True): 41,
            ("probe", False): 8,
            ("feed", True): 12,
            ("feed", False): 6,
            ("off", False): 17,
        }

    def test_who_demands_a_licence_is_never_asked_for_a_page(self) -> None:
        licensed = [outlet for outlet in outlets.load(None) if outlet.licence]
        assert "lemonde" in [outlet.id for outlet in licensed]
        assert {outlet.policy for outlet in licensed} <= {"off", "feed"}

    def test_who_is_on_can_be_read(self) -> None:
        asked = [outlet for outlet in outlets.load(None) if outlet.enabled]
        assert all(outlet.feeds or outlet.sitemaps or outlet.listing for outlet in asked)

    def test_everything_is_asked_over_https(self) -> None:
        addresses = [feed.url for outlet in outlets.load(None) for feed in outlet.feeds]
        assert {urlsplit(address).scheme for address in addresses} == {"https"}

    def test_one_owner_is_one_voice(self) -> None:
        voices = {outlet.id: outlet.voice for outlet in outlets.load(None)}
        assert voices["numerama"] == voices["frandroid"] == voices["clubic"]
        assert voices["korben"] != voices["numerama"]


class TestThePageOnAddingAnOutlet:
    PAGE = Path(__file__).parent.parent / "docs" / "adding-an-outlet.md"

    def test_its_examples_are_valid(self, tmp_path: Path) -> None:
        text = self.PAGE.read_text("utf-8")
        found = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        catalogues = [example for example in found if "[[outlet]]" in example]
        assert len(catalogues) == 2
        for example in catalogues:
            assert len(loaded(tmp_path, example)) == 1

    def test_every_key_stands_on_it_and_in_the_head_of_the_catalogue(self) -> None:
        keys = set(OutletTable.model_fields)
        assert keys <= set(re.findall(r"`(\w+)`", self.PAGE.read_text("utf-8")))
        head = outlets.SHIPPED.read_text("utf-8").split("[[outlet]]")[0]
        assert keys <= set(re.findall(r"\w+", head))
