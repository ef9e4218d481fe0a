"""The pages of a preview without a server: asked for by address, in this process, for files and for pictures."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.cli import settings
from app.config import preview
from app.factory import create_preview_app
from app.questionnaires import routing
from app.questionnaires.definition import Instrument
from app.questionnaires.library import BrokenLibrary, Library
from app.questionnaires.routing import Layout
from app.web import logs
from app.web.condition_words import number_of
from app.web.preview.shown import TOPICS, unrouted
from app.web.request import Services
from app.web.showable import is_answerable_here

LAYOUTS: tuple[Layout, ...] = ("item", "page")


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of a preview: its name among the files, its address, and what it shows, for a list."""

    name: str
    address: str
    title: str
    layout: str


@dataclass(frozen=True, slots=True)
class Site:
    """The application with one instrument chosen."""

    app: Flask
    instrument: Instrument

    @property
    def library(self) -> Library:
        """Everything that is installed."""
        services: Services = self.app.extensions["weshare"]
        return services.library

    @property
    def can_be_shown(self) -> bool:
        """Whether there is a way to show every one of its questions on a screen."""
        return is_answerable_here(unrouted(self.instrument))

    def client(self, language: str) -> FlaskClient:
        """A browser whose reader wants a language."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    def languages(self, wanted: tuple[str, ...]) -> list[str]:
        """The languages asked for, else all that are installed; the topics where there are none. Ends the command where
        one of them is not there."""
        installed = self.library.languages(self.instrument.key)
        for language in wanted:
            if language not in (*installed, TOPICS):
                there = ", ".join((*installed, TOPICS))
                settings.stop(f"There is no wording in “{language}” of {self.instrument.key}. There is: {there}.")
        return list(wanted or installed or (TOPICS,))

    def root(self, language: str) -> str:
        """Where the preview in a language begins."""
        return f"/instruments/{self.instrument.key}/preview/{language}"

    def screens(self, language: str, layouts: tuple[Layout, ...] = LAYOUTS) -> Iterator[Screen]:
        """Every screen in the order in which participants see them, as addresses without the frame around them."""
        root, everything = self.root(language), unrouted(self.instrument)
        yield Screen("start", f"{root}?alone", "", "start")
        for layout in layouts:
            for one in routing.screens(everything, layout):
                numbers = ", ".join(number_of(everything, item) for item in one.items)
                yield Screen(f"{layout}-{one.number:03}", f"{root}/{layout}/{one.number}?alone", numbers, layout)
        yield Screen("review", f"{root}/review?alone", "", "review")
        yield Screen("end", f"{root}/scores?alone", "", "end")

    def paper(self, language: str) -> bytes:
        """The file to print."""
        return self.get(f"{self.root(language)}/paper.pdf", language)

    def sheets(self, language: str) -> list[bytes]:
        """Its sheets as pictures (PNG)."""
        client = self.client(language)
        found: list[bytes] = []
        while (answer := client.get(f"{self.root(language)}/paper-{len(found) + 1}.png")).status_code == 200:
            found.append(answer.data)
        return found

    def get(self, address: str, language: str) -> bytes:
        """What a page answers; ends the command where it answers with a mistake."""
        answer = self.client(language).get(address)
        if answer.status_code != 200:
            reasons = {422: "no font of this computer has its letters; install a font for its language"}
            settings.stop(f"{address} cannot be made: {reasons.get(answer.status_code, answer.status)}.")
        content: bytes = answer.data
        return content


def open_site(code: str, folder: Path, public_url: str = "http://preview.invalid") -> Site:
    """The site for an instrument, by its code or its code with @version; ends the command where there is none."""
    logs.configure(logging.WARNING)
    try:
        app = create_preview_app(preview(folder, settings.wordings(), public_url))
    except BrokenLibrary as broken:
        settings.stop(f"The questionnaires are broken; “weshare instruments check” lists why. {broken.mistakes[0]}")
    services: Services = app.extensions["weshare"]
    return Site(app, _found(services.library, code))


def _found(library: Library, wanted: str) -> Instrument:
    code, _, version = wanted.partition("@")
    found: list[Any] = [
        one for one in map(library.instrument, library.keys) if one.code == code and version in ("", one.version)
    ]
    if not found:
        settings.stop(f"There is no questionnaire “{wanted}”; “weshare instruments list” shows all.")
    newest: Instrument = max(found, key=lambda one: [int(part) for part in one.version.split(".")])
    return newest
