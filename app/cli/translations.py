"""``weshare translations``: the lists of interface words."""

import click

from app.cli import settings, words
from app.config import ROOT

FOLDER = ROOT / "translations"


@click.group()
def translations() -> None:
    """The lists of interface words."""


@translations.command()
def update() -> None:
    """Bring every list up to date with the source; what is new there has no translation yet."""
    words.update(FOLDER)
    left = words.mistakes(FOLDER)
    for mistake in left:
        click.echo(mistake)
    click.echo(f"{len(left)} left to translate." if left else "Everything is translated.")


@translations.command()
def check() -> None:
    """Say what keeps the translations from being complete."""
    mistakes = words.mistakes(FOLDER)
    for mistake in mistakes:
        click.echo(mistake, err=True)
    if mistakes:
        settings.stop(f"{len(mistakes)} to put right: make translations brings the lists up to date.")
    click.echo("Everything is translated.")
