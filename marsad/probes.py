"""`marsad probe` for the person at the terminal: what was found, the site file, the table."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import click
from pydantic import ValidationError

from crawler.errors import FetchFailed, ParseFailed
from crawler.parsing import ParserPool
from crawler.urls import clean_url
from marsad.access import proof_after_probe, table
from marsad.clock import utc_now
from marsad.coherence import canonical
from marsad.configuration import SiteFiles
from marsad.probe import Prober, lines, proof_of
from marsad.progress import progress
from marsad.settings import Settings
from marsad.sitefile import NO_ZONE, ProbeFailed, SiteExists, site_text, write_site
from marsad.wiring import crawl_options, open_database
from models.access import Proof
from models.faults import faults_of, nearest
from models.site import Site
from storage import sites
from storage.database import Connection

_AT_ONCE = 30


async def probe_target(
    settings: Settings,
    configuration: SiteFiles,
    target: str,
    *,
    name: str | None,
    zone: str | None,
    echo: Callable[[str], None] = click.echo,
) -> Site | None:
    """Probe an address, or a site of the configuration by its name; None: no way works. How a site
    of the configuration did is remembered.

    Raises ProbeFailed.
    """
    async with _prober(settings, configuration, echo) as prober:
        try:
            if target in configuration.sites:
                site = configuration.sites[target]
                found = await prober.probe_site(site)
                await _remember(settings, {target: proof_of(site, found, utc_now())})
            else:
                address = _address(target, configuration.sites)
                for other in _on_host(address, configuration.sites.values()):
                    echo(f"    the site {other!r} reads this host already")
                found = await prober.probe_address(address, name=name, zone=zone)
        except ValidationError as error:
            fault = faults_of(error, Site)[0]
            raise ProbeFailed(f"{fault.path[0]}: {fault.message}") from error
        except (FetchFailed, ParseFailed) as error:
            raise ProbeFailed(_unread(target, error)) from error
    for line in lines(found):
        echo(line)
    return found.site


async def probe_all(
    settings: Settings, configuration: SiteFiles, echo: Callable[[str], None] = click.echo
) -> int:
    """Try all ways of all enabled sites, remember how they did, and tell it in one table. How many
    passed."""
    chosen = [site for site in configuration.sites.values() if site.enabled]
    proofs: dict[str, Proof] = {}
    gate = asyncio.Semaphore(_AT_ONCE)
    async with _prober(settings, configuration, _silent) as prober:
        with progress(len(chosen)) as advance:

            async def one(site: Site) -> None:
                async with gate:
                    probe = await prober.probe_site(site)
                proofs[site.name] = proof_of(site, probe, utc_now())
                advance(1)

            await asyncio.gather(*(one(site) for site in chosen))
    await _remember(settings, proofs)
    echo(table(proofs))
    return sum(proof.passed for proof in proofs.values())


@asynccontextmanager
async def _prober(
    settings: Settings, configuration: SiteFiles, say: Callable[[str], None]
) -> AsyncIterator[Prober]:
    parser = ParserPool()
    options = crawl_options(settings, configuration)
    try:
        yield Prober(options=options, parser=parser, now=utc_now, say=say)
    finally:
        await parser.close()


def _silent(line: str) -> None:
    """Of many sites at once only the table is told."""


async def _remember(settings: Settings, proofs: dict[str, Proof]) -> None:
    database = open_database(settings)
    try:
        await database.write(lambda c: _record(c, proofs))
    finally:
        await database.close()


def _record(connection: Connection, proofs: dict[str, Proof]) -> None:
    known = sites.proofs(connection)
    probed = {name: proof_after_probe(known.get(name), proof) for name, proof in proofs.items()}
    changed = {name: proof for name, proof in probed.items() if proof != known.get(name)}
    sites.record_proofs(connection, changed, utc_now())


def write_probed(configuration: SiteFiles, site: Site, target: str, *, write: bool) -> str:
    """The site file, written or only shown. Raises ProbeFailed."""
    known = {
        canonical(way.url): other.name
        for other in configuration.sites.values()
        for way in other.publishes
    }
    for way in site.publishes:
        if canonical(way.url) in known:
            other = known[canonical(way.url)]
            raise ProbeFailed(f"{way.url} is a listing of the site {other!r} already")
    comments = [f"Found by marsad probe {target}, {utc_now():%Y-%m-%d}."]
    if site.timezone == "UTC":
        comments.append(NO_ZONE)
    if not write:
        text = site_text(site, comments)
        return f"\n{text}\nmarsad probe --write writes this to sites/{site.name}.yaml"
    try:
        path = write_site(configuration.directory / "sites", site, comments)
    except SiteExists as error:
        raise ProbeFailed(str(error)) from error
    return f"\nwrote {path}; a running Marsad takes it over by itself"


def _address(target: str, sites: Collection[str]) -> str:
    """Without http:// or https:// it has to look like one: 'shore' is a site's name, misspelt."""
    if "://" not in target and "." not in target and not target.startswith("localhost"):
        near = nearest(target, sites) or f"; known: {', '.join(sorted(sites)) or 'none'}"
        raise ProbeFailed(f"no site is named {target!r}, and an address has a dot{near}")
    try:
        return clean_url(target if "://" in target else f"https://{target}")
    except ValueError as error:
        raise ProbeFailed(f"{target} is neither an address nor a site's name: {error}") from error


def _on_host(address: str, sites: Iterable[Site]) -> list[str]:
    host = urlsplit(address).netloc
    return [site.name for site in sites if any(urlsplit(w.url).netloc == host for w in site.ways)]


def _unread(target: str, error: FetchFailed | ParseFailed) -> str:
    told = str(error) if isinstance(error, FetchFailed) else f"{target}: {error}"
    if "://" not in target and isinstance(error, FetchFailed) and error.status is None:
        told += f"; if the site has no https: marsad probe http://{target}"
    return told
