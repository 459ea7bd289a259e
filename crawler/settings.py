"""Scrapy's settings: its defaults are not safe for pages that nobody vouches for."""

from crawler.extraction.markup import MAX_BYTES

BOT_NAME = "marsad"
SPIDER_MODULES: list[str] = []
SPIDER_LOADER_CLASS = "crawler.spiderloader.SiteSpiderLoader"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Only the web, over our own handler.
DOWNLOAD_HANDLERS = {
    "http": "crawler.download.DownloadHandler",
    "https": "crawler.download.DownloadHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = MAX_BYTES
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 15
DNS_TIMEOUT = 10
DEPTH_LIMIT = 3

# Nobody listens here: both consoles run code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Middlewares of our own: addresses and the proxy, robots.txt with a memory, the pace.
# Obeyed always, by crawler.robots; Scrapy's own would ask for robots.txt at every crawl.
ROBOTSTXT_OBEY = False
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.AddressMiddleware": 90,
    "crawler.middlewares.RobotsMiddleware": 100,
    "crawler.middlewares.PaceMiddleware": 950,
}

METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5
# The next crawl is the retry.
RETRY_ENABLED = False
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
HTTPCACHE_ENABLED = False
MEMUSAGE_ENABLED = False

CONCURRENT_REQUESTS_PER_DOMAIN = 8
# crawler.pace keeps the distance: over all crawls, and never less than the site's delay.
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}
USER_AGENT = "Marsad"
FEED_EXPORT_ENCODING = "utf-8"
