"""Every page of ours: its address, its template, and the function that gathers what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.reading_room import article, company, deal, finding, front, outlet, sources
from pipelines.reading_room.asking import Ask, Gathered
from pipelines.store.rooms import Connection

#: An address may end in one of these: the same values for programs.
FORMS = r"(?:\.(?P<form>json|csv))?$"


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page."""

    name: str
    address: str  # regular expression; `key` is what it names
    template: str
    gather: Callable[[Connection, Ask], Gathered | None]


PAGES: tuple[Page, ...] = (
    Page("front", r"/(?:changes(?:\.(?P<form>json|csv))?)?$", "front.html", front.gather),
    Page("deals", rf"/deals{FORMS}", "deals.html", deal.listing),
    Page("deal", rf"/deal/(?P<key>[0-9a-f]{{4,64}}){FORMS}", "deal.html", deal.gather),
    Page("article", rf"/article/(?P<key>[0-9]{{1,15}}){FORMS}", "article.html", article.gather),
    Page("companies", rf"/companies{FORMS}", "companies.html", company.listing),
    Page("company", rf"/company/(?P<key>[^/]+?){FORMS}", "company.html", company.gather),
    Page("outlets", rf"/outlets{FORMS}", "outlets.html", outlet.listing),
    Page("outlet", rf"/outlet/(?P<key>[^/]+?){FORMS}", "outlet.html", outlet.gather),
    Page("search", rf"/search{FORMS}", "search.html", finding.search),
    Page("review", rf"/review{FORMS}", "review.html", finding.review),
    Page("sources", rf"/sources{FORMS}", "sources.html", sources.gather),
    Page("about", rf"/about{FORMS}", "about.html", finding.about),
)
