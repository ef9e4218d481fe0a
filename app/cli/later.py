"""Sub-commands that are loaded only when they are asked for: who scores a file does not wait for the web server."""

from importlib import import_module
from typing import ClassVar

import click


class Later(click.Group):
    """A group with some sub-commands of its own and some in other modules: by name, which module and what in it."""

    later: ClassVar[dict[str, tuple[str, str]]] = {
        "export": ("app.cli.exchange", "export"),
        "fidelity": ("app.cli.fidelity", "fidelity"),
        "import": ("app.cli.exchange", "import_"),
        "preview": ("app.cli.preview", "preview"),
        "wording": ("app.cli.wording", "wording"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In alphabetical order."""
        return sorted([*super().list_commands(ctx), *self.later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command with that name."""
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        module, name = self.later[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command
