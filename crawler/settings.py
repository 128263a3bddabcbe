"""Scrapy's settings, where they are not its defaults, each with its reason.

What depends on veille.toml (identity, pace, limits, hosts) is put on by `crawler.addon.Veille`.
"""

from importlib.metadata import version

from scrapy.settings import default_settings

BOT_NAME = "veille"
# The contact is put on from veille.toml; without one there is no crawl.
USER_AGENT = f"veille/{version('veille')} (no contact)"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
ADDONS = {"crawler.addon.Veille": 100}

# The one way out is guarded; every other scheme is shut (file:, data:, ftp: read what they like).
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.GuardedHandler",
    "https": "crawler.fetch.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# Addresses are checked where they are dialled.
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
# Scrapy's default accepts any certificate.
DOWNLOAD_VERIFY_CERTIFICATES = True
# No listening port: both would let whoever reaches it run code in this process.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# An environment proxy would dial for us, behind the guard's back.
HTTPPROXY_ENABLED = False
# Nobody is recognised, and no header of a page chooses what is loaded (Referrer-Policy does).
COOKIES_ENABLED = False
REFERER_ENABLED = False

# Ours read RFC 9309 (Scrapy's crawls on when robots.txt answers 5xx) and reservations.
ROBOTSTXT_OBEY = False
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "crawler.gate.GateMiddleware": 100,
    "crawler.conditional.ConditionalMiddleware": 200,
}
# A second try in the same minute is impolite; the next crawl is the retry.
RETRY_ENABLED = False
# Parses HTML in the reactor; `crawler.page` finds a refresh in the first bytes instead.
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5
# Every status is an answer that the spider tells apart: wall, moved, dead, not modified.
HTTPERROR_ALLOW_ALL = True
# One connection a host; all outlets at once, for most of the time each waits for its pace.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 256
# Of one answer: a page and the request after it. Scrapy starts so many tasks for every answer.
CONCURRENT_ITEMS = 2
# With `crawler.addon.MARGIN`: from the least gap to half as long again, never less; no rhythm that
# two outlets of one server would feel as one.
DOWNLOAD_DELAY_JITTER = 0.2
# A torn answer is no answer.
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_WARNSIZE = 0
ITEM_PIPELINES = {"crawler.handoff.IntakePipeline": 100}

# The store counts; Scrapy's own statistics and extensions are read by nobody, and cost a tenth of
# the reactor's time.
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
DOWNLOADER_STATS = False
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
# Here and below _BASE, since what is switched off in EXTENSIONS is loaded all the same: aiohttp,
# requests and more come with it, a tenth of a second in which a first crawl cannot begin. What is
# left serves who types `scrapy crawl feeds -s CLOSESPIDER_PAGECOUNT=10`.
EXTENSIONS_BASE = {
    "scrapy.extensions.closespider.CloseSpider": 0,
}
STATS_DUMP = False
# What goes wrong with an outlet is told by us, once, in one line.
LOG_LEVEL = "ERROR"
LOG_VERSIONS: list[str] = []
# No pickles: nothing is written to disk but the ledger.
SCHEDULER_DISK_QUEUE = "scrapy.squeues.FifoMemoryQueue"
# Without Scrapy's Referer middleware its redirects warn that they will set none: they shall not.
DOWNLOADER_MIDDLEWARES |= {
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.fetch.QuietRedirectMiddleware": 600,
}
# Off as said above, and not loaded.
DOWNLOADER_MIDDLEWARES_BASE = {
    name: order
    for name, order in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items()
    if name != "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"
}
