"""Sub-commands that are loaded only when they are asked for: who scores a file does not wait for the web server."""

from importlib import import_module
from typing import ClassVar

import click


class Later(click.Group):
    """A group with some sub-commands of its own and some in other modules, by name of the sub-command."""

    later: ClassVar[dict[str, str]] = {
        "preview": "app.cli.preview",
        "fidelity": "app.cli.fidelity",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In alphabetical order."""
        return sorted([*super().list_commands(ctx), *self.later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command with that name."""
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(self.later[cmd_name]), cmd_name)
        return command
