"""How crawls are run."""

import pytest

from crawler.errors import BadProxy
from crawler.options import CrawlOptions


@pytest.mark.parametrize(
    "proxy",
    ["https://127.0.0.1:3128", "127.0.0.1:3128", "socks5://", "http://127.0.0.1:many"],
)
def test_a_proxy_that_cannot_be_used_is_refused_at_once(proxy: str) -> None:
    with pytest.raises(BadProxy, match="the crawl proxy"):
        CrawlOptions(contact="mailto:watch@example.org", proxy=proxy)


def test_the_user_agent_names_the_program_its_version_and_a_contact() -> None:
    agent = CrawlOptions(contact="https://example.org/about").user_agent

    assert agent.startswith("Marsad/")
    assert agent.endswith(" (+https://example.org/about)")
