"""Backups: backup, restore."""

from pathlib import Path

import click

from marsad.commands.options import Sentence, config_option, sentences, settings_from

_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@_file
@click.option("--verify", is_flag=True, help="Read FILE, made before, and compare every hash.")
@config_option
def backup(file: Path, verify: bool, config: Path | None) -> None:
    """Write the database and the configuration, without secrets, into one new file; Marsad may be
    at work meanwhile.

    Example: marsad backup marsad-$(date +%F).zip && marsad backup --verify marsad-$(date +%F).zip
    """
    from marsad import backup as backups
    from marsad.clock import utc_now

    settings = settings_from(config)
    with sentences():
        if verify:
            click.echo(f"{file} is whole: {backups.verify(file)}")
            return
        try:
            done = backups.back_up(settings, file, utc_now())
        except OSError as error:
            raise Sentence(f"{file} could not be written: {error.strerror or error}") from error
    click.echo(f"wrote {file}: {done}")


@click.command()
@_file
@click.option("--without-config", is_flag=True, help="Keep the configuration folder as it is.")
@config_option
def restore(file: Path, without_config: bool, config: Path | None) -> None:
    """Read a backup into an empty database, SQLite or PostgreSQL, and an empty folder for the
    configuration.

    Example: MARSAD_DATA=/srv/marsad marsad restore marsad-2026-11-24.zip --config /etc/marsad
    """
    from marsad import backup as backups
    from marsad.clock import utc_now
    from marsad.progress import progress

    settings = settings_from(config)
    with sentences(), progress(backups.rows_in(file)) as advance:
        done = backups.restore_backup(
            settings, file, utc_now(), with_config=not without_config, advance=advance
        )
    click.echo(f"restored {file}: {done}")
    click.echo("next: marsad doctor, then marsad run")
