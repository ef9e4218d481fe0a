"""The ``weshare`` command: every sub-command in one list."""

import click

from app.cli.demo import demo
from app.cli.instruments import instruments
from app.cli.jobs import jobs
from app.cli.migrate import migrate
from app.cli.serve import serve
from app.cli.translations import translations


@click.group()
def main() -> None:
    """WeShare: questionnaires answered, scored, and given back to the people who answer."""


for command in (demo, serve, migrate, instruments, translations, jobs):
    main.add_command(command)


if __name__ == "__main__":
    main()
