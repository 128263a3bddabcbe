"""The Scrapy add-on: settings that follow from veille.toml."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import config as configuration
from pipelines.config import Config

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

#: Where the configuration is looked for when Scrapy is started from the checkout.
HERE = Path("veille.toml")


#: Scrapy varies a delay by a fifth both ways; a gap stretched by this is never cut below itself.
MARGIN = 1.25

#: Longest that a stretched and varied gap gets, in gaps.
LONGEST_STRETCH = 1.5


class ContactMissingError(RuntimeError):
    """No live crawl without a contact."""


class Veille:
    """Applies the configuration before Scrapy builds its resolver and its spiders.

    `veille crawl` names the configuration in VEILLE_CONFIG; `scrapy crawl` finds veille.toml in the
    current folder, or takes what ships.
    """

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Called by Scrapy once a process."""
        apply(settings, settings.get("VEILLE_CONFIG") or load_here())


def load_here() -> Config:
    """The configuration of the current folder; what ships when there is none."""
    return configuration.load(HERE if HERE.exists() else None)


def apply(settings: BaseSettings, config: Config) -> None:
    """Identity, pace, limits and hosts. Without a contact the identity stays incomplete."""
    network, limits = config.network, config.crawl
    settings.setdict(
        {
            "USER_AGENT": user_agent(config.contact or "no contact"),
            "DEFAULT_REQUEST_HEADERS": {
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language": "fr,en;q=0.5",
            },
            "DOWNLOAD_DELAY": network.pace_seconds * MARGIN,
            "DOWNLOAD_TIMEOUT": limits.page_timeout_seconds,
            "DOWNLOAD_MAXSIZE": limits.max_bytes,
            "REDIRECT_MAX_TIMES": limits.max_redirects,
            "HTTPPROXY_ENABLED": network.use_environment_proxy,
            "VEILLE_ALLOW": list(network.allow),
            "VEILLE_HOSTS": dict(network.hosts),
        },
        priority="project",  # an add-on's own priority is below that of settings.py
    )


def user_agent(contact: str) -> str:
    """`veille/<version> (+<contact>)`."""
    return f"veille/{version('veille')} (+{contact})"
