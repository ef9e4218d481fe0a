"""``weshare instruments preview``: an instrument to try out on this computer, or its screens as files."""

import re
from collections.abc import Mapping
from pathlib import Path

import click
from jinja2 import Environment
from werkzeug.serving import make_server

from app.cli import settings
from app.cli.preview_site import LAYOUTS, Screen, Site, open_site
from app.cli.serve import HOST, refuse_taken_port
from app.config import ROOT
from app.questionnaires.routing import Layout
from app.web.filters import STATIC

PORT = 8010
LAYOUTS_OF: Mapping[str | None, tuple[Layout, ...]] = {None: LAYOUTS, "item": ("item",), "page": ("page",)}
SERVED_ADDRESS = re.compile(r'"http://127\.0\.0\.1:[0-9]+/[^"]*"')
STATIC_ADDRESS = re.compile(r"/static/([A-Za-z0-9_.-]+)(?:\?v=[0-9a-f]+)?")
INDEX = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><link rel="stylesheet" href="static/weshare.css"></head>
<body><main class="page">
<h1>{{ title }}</h1>
<p>{{ key }}</p>
{% for language, screens in languages.items() %}
<section><h2 lang="{{ language }}">{{ language }}</h2>
<p><a href="{{ language }}/paper.pdf">paper.pdf</a></p>
<ul>
{% for one in screens %}<li><a href="{{ language }}/{{ one.name }}.html">{{ one.name }}</a></li>{% endfor %}
</ul></section>
{% endfor %}
</main></body></html>
"""
)


@click.command()
@click.argument("code")
@click.option("--lang", "languages", multiple=True, help="A language, or “topics”; all that are installed by default.")
@click.option(
    "--layout",
    type=click.Choice(["item", "page", "paper"]),
    help="One question at a time, a page of questions, or paper; all by default.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write the screens and the paper version into this folder; with --layout paper, the PDF into this file.",
)
@click.option("--port", default=PORT, show_default=True, help="Where to serve on this computer, without --out.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "instruments", help="Where the questionnaires are."
)
def preview(
    code: str, languages: tuple[str, ...], layout: str | None, out: Path | None, port: int, folder: Path
) -> None:
    """Show a questionnaire as participants see it; CODE with or without @version.

    Serves it on this computer, to be answered as often as you like: nothing is stored, and the scores it would give are
    shown with their reasons. With --out it is written into files instead.
    """
    site = open_site(code, folder, f"http://{HOST}:{port}")
    chosen = site.languages(languages)
    if layout != "paper" and not site.can_be_shown:
        if layout is not None or out is None:
            settings.stop(
                f"{site.instrument.key} has a kind of question that cannot be shown on a screen yet. "
                "Its paper version can be made: --layout paper --out FILE.pdf"
            )
        layout = "paper"
    if out is None:
        _serve(site, chosen, layout, port)
    elif layout == "paper" and out.suffix == ".pdf":
        _write_paper(site, chosen, out)
    else:
        _write(site, chosen, layout, out)


def _serve(site: Site, languages: list[str], layout: str | None, port: int) -> None:
    refuse_taken_port(port)
    ends = {None: "", "item": "/item/1", "page": "/page/1", "paper": "/paper"}
    server = make_server(HOST, port, site.app, threaded=True)
    for language in languages:
        click.echo(f"http://{HOST}:{port}{site.root(language)}{ends[layout]}")
    click.echo("Nothing that is answered there is stored. Ctrl+C stops it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _write_paper(site: Site, languages: list[str], out: Path) -> None:
    if len(languages) > 1:
        settings.stop(f"One file holds one language: choose it with --lang. There is: {', '.join(languages)}.")
    out.write_bytes(site.paper(languages[0]))
    click.echo(str(out))


def _write(site: Site, languages: list[str], layout: str | None, out: Path) -> None:
    """A folder that can be looked at, sent and kept: nothing in it asks a server."""
    written: dict[str, list[Screen]] = {}
    (out / "static").mkdir(parents=True, exist_ok=True)
    for name in ("weshare.css", "questions.css", "staff.css", "fields.js", "kinds.js", "logo.svg", "favicon.svg"):
        (out / "static" / name).write_bytes((STATIC / name).read_bytes())
    for language in languages:
        (out / language).mkdir(exist_ok=True)
        screens = list(site.screens(language, LAYOUTS_OF[layout])) if layout != "paper" else []
        for one in screens:
            page = SERVED_ADDRESS.sub('"#"', site.get(one.address, language).decode())
            page = STATIC_ADDRESS.sub(r"../static/\1", page)
            (out / language / f"{one.name}.html").write_text(page, encoding="utf-8")
        (out / language / "paper.pdf").write_bytes(site.paper(language))
        written[language] = screens
    index = INDEX.render(title=site.instrument.title, key=site.instrument.key, languages=written)
    (out / "index.html").write_text(index, encoding="utf-8")
    click.echo(str(out / "index.html"))
