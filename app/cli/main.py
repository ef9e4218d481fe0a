"""The ``weshare`` command: every sub-command in one table, each loaded only when it is asked for.

Scoring a file does not wait for the web server and the databases to be imported.
"""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "demo": "app.cli.demo",
    "serve": "app.cli.serve",
    "migrate": "app.cli.migrate",
    "instruments": "app.cli.instruments",
    "translations": "app.cli.translations",
    "jobs": "app.cli.jobs",
    "schedule": "app.cli.schedule",
    "vault": "app.cli.vault",
    "staff": "app.cli.staff",
    "audit": "app.cli.audit",
    "backup": "app.cli.backup",
    "restore": "app.cli.restore",
    "doctor": "app.cli.doctor",
}
"""Name of the sub-command, which is also the name of the function, and its module."""


class Commands(click.Group):
    """The sub-commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The sub-command with that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.command(cls=Commands)
def main() -> None:
    """WeShare: questionnaires answered, scored, and given back to the people who answer."""


if __name__ == "__main__":
    main()
