"""The sweep follows the configuration, in slices, and ends when nothing more is to go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from marsad.configuration import Configuration, load
from marsad.initconfig import init
from marsad.retention import SLICE, Retention
from marsad.search import rebuild
from storage.articles import count
from storage.database import Database
from storage.schema import articles, deliveries
from tests.contract.archive import NOW
from tests.contract.filling import fill
from tests.contract.test_retention import everything_is_old

ROWS = 2 * SLICE + 30


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    folder = tmp_path_factory.mktemp("config") / "config"
    init(folder)
    return load(folder)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    opened.write_now(lambda connection: fill(connection, ROWS))
    opened.write_now(everything_is_old)
    rebuild(opened, NOW, lambda _: None)
    yield opened
    opened.close_now()


def keeping(shipped: Configuration, **wanted: object) -> Configuration:
    kept = shipped.general.retention.model_copy(update=wanted)
    return replace(shipped, general=shipped.general.model_copy(update={"retention": kept}))


def sweeping(database: Database, configuration: Configuration) -> Retention:
    return Retention(database, lambda: configuration, lambda: NOW)


async def test_a_sweep_deletes_what_the_configuration_says(
    database: Database, shipped: Configuration
) -> None:
    swept = await sweeping(database, shipped).sweep(60)
    assert swept.done
    assert swept.rows["articles"] == ROWS - 1
    assert (await database.read(count)).total == 1
    assert "articles" not in (await sweeping(database, shipped).sweep(60)).rows


async def test_with_null_everything_is_kept(database: Database, shipped: Configuration) -> None:
    forever = keeping(shipped, articles=None, versions=None, deliveries=None, size=None)
    swept = await sweeping(database, forever).sweep(60)
    assert "articles" not in swept.rows
    assert (await database.read(count)).total == ROWS


async def test_a_database_that_is_too_large_loses_its_oldest_articles(
    database: Database, shipped: Configuration
) -> None:
    database.write_now(lambda c: c.execute(sa.update(articles).values(text="نص " * 2000)))
    newest = (await database.read(count)).total * 7
    rebuild(database, NOW, lambda _: None)
    small = keeping(shipped, articles=None, deliveries=None, size=1)
    swept = await sweeping(database, small).sweep(60)
    assert swept.rows["articles for room"] == ROWS - 1
    assert await database.read(lambda c: c.scalar(sa.select(articles.c.id))) == newest


async def test_a_site_keeps_its_articles_for_a_time_of_its_own(
    database: Database, shipped: Configuration
) -> None:
    name, site = next(iter(shipped.sites.items()))
    kept = site.model_copy(update={"keep": timedelta(days=3650)})
    long = replace(shipped, sites={**shipped.sites, name: kept})
    some = sa.select(articles.c.id).limit(20)
    database.write_now(
        lambda c: c.execute(sa.update(articles).where(articles.c.id.in_(some)).values(site=name))
    )
    rebuild(database, NOW, lambda _: None)
    await sweeping(database, long).sweep(60)
    assert 20 <= (await database.read(count)).total <= 21


async def test_a_sweep_out_of_time_goes_on_in_the_next(
    database: Database, shipped: Configuration
) -> None:
    swept = await sweeping(database, shipped).sweep(0)
    assert not swept.done
    assert (await sweeping(database, shipped).sweep(60)).done


async def test_what_waits_to_be_sent_outlives_every_sweep(
    database: Database, shipped: Configuration
) -> None:
    database.write_now(lambda c: c.execute(sa.update(deliveries).values(state="pending")))
    await sweeping(database, keeping(shipped, size=1)).sweep(60)
    waiting = await database.read(
        lambda c: c.scalar(sa.select(sa.func.count()).select_from(deliveries))
    )
    assert waiting == ROWS
