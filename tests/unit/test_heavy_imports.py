"""What weighs megabytes is imported where it is used: RSS of all processes is watched closely."""

import subprocess
import sys

import pytest

# What a running Marsad needs for some operators, or at some starts: 1 to 10 MB each, the last 40.
RARE = ("aiohttp", "alembic", "prometheus_client", "requests", "telegram", "trafilatura")
# What only the main process needs: 11 to 25 MB each.
MAIN = ("scrapy", "twisted", "sqlalchemy", "numpy", "structlog")
# Where the functions are that crawls hand to the parser processes.
PARSED_BY = (
    "crawler.challenge",
    "crawler.discovery.feed",
    "crawler.discovery.listing",
    "crawler.discovery.search",
    "crawler.discovery.sitemap",
    "crawler.discovery.wordpress",
    "crawler.extraction.page",
    "crawler.pages",
    "crawler.robots",
)


def imported_by(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_a_start_imports_nothing_heavy_that_few_operators_need() -> None:
    assert imported_by("marsad.cli", "marsad.reactor", "marsad.wiring").isdisjoint(RARE)


@pytest.mark.parametrize("module", PARSED_BY)
def test_a_parser_process_imports_nothing_of_the_main_one(module: str) -> None:
    assert imported_by(module).isdisjoint((*MAIN, *RARE))
