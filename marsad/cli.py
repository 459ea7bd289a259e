"""The command line. Each command reads settings, calls one module and prints; rules live there."""

from typing import Any

import click

from marsad.commands import (
    archive,
    backup,
    exports,
    pages,
    service,
    sites,
    stories,
    subscribers,
    topics,
)
from marsad.commands.options import sentences

_COMMANDS = (
    service.init,
    service.check,
    service.run,
    service.crawl,
    service.doctor,
    service.demo,
    sites.probe,
    sites.backfill,
    sites.import_opml,
    sites.export_opml,
    topics.match,
    stories.stories,
    topics.replay,
    topics.diff,
    topics.quality,
    topics.lint,
    topics.forms,
    topics.import_rule,
    pages.extract,
    pages.quality_pages,
    pages.date,
    pages.feed,
    archive.explain,
    archive.search,
    archive.stats,
    archive.metrics,
    archive.feeds,
    subscribers.subscribers,
    exports.export_,
    exports.import_,
    backup.backup,
    backup.restore,
)


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        with sentences():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="marsad")
def main() -> None:
    """Marsad watches Arabic news sites and alerts Telegram subscribers by topic."""


for command in _COMMANDS:
    main.add_command(command)
