"""A protocol as a YAML file: the same content both ways, and every mistake with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo import design
from app.exchange.protocol_yaml import read_protocol, write_protocol
from app.questionnaires.mistakes import BrokenFile
from app.scheduling.mistakes import BrokenProtocol
from app.scheduling.parse import parse_protocol
from app.scheduling.protocol import Protocol
from tests.scheduling.builders import a_document, a_visit, modest, protocols

FILE = write_protocol(parse_protocol(design.protocol()))


def mistakes_in(text: str | bytes, installed: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    with pytest.raises(BrokenFile) as caught:
        read_protocol(text, "p.yaml", installed)
    return [str(mistake) for mistake in caught.value.mistakes]


@modest
@given(protocols())
def test_what_is_written_is_read_as_the_same_protocol(protocol: Protocol) -> None:
    """Seen failing with a threshold of 1e-06, which the reader rightly refuses."""
    assert protocol == read_protocol(write_protocol(protocol))


@modest
@given(st.text(min_size=1, max_size=200), st.sampled_from(("no", "fr", "en-GB")))
def test_a_title_of_any_letters_is_read_as_it_was(title: str, language: str) -> None:
    """One with characters that no file can hold is no title. Seen failing with “y” and “=” written without quotes."""
    try:
        protocol = parse_protocol(a_document(a_visit(title={language: title})))
    except BrokenProtocol as broken:
        is_refused = "invisible character" in str(broken) and not title.isprintable()
    else:
        is_refused = False
    assert is_refused or protocol == read_protocol(write_protocol(protocol))


def test_writing_what_was_read_gives_the_same_file() -> None:
    assert FILE == write_protocol(read_protocol(FILE))


def test_each_mistake_has_its_line() -> None:
    """Seen failing with visits looked for by their number."""
    broken = FILE.replace("event: inclusion", "event: inclsion", 1).replace("closes: P35D", "closes: soon", 1)
    assert [
        "p.yaml:12: visits.M0.event: names the event inclsion, which is not declared",
        "p.yaml:39: visits.M3.closes: “soon” is not a period such as P6M, P2W, P1Y6M or -P7D",
    ] == mistakes_in(broken)


def test_an_instrument_that_is_not_installed_is_a_mistake_for_who_asks() -> None:
    assert 6 == len(mistakes_in(FILE, {}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "a: &b 1\nc: *b",
        "version: !!python/object:os.system 1",
        "version: 1\nversion: 2",
        "version: 1\n---\nversion: 2",
        b"\xff\xfe",
        "[" * 500,
    ],
)
def test_a_hostile_or_ambiguous_file_is_refused_with_a_line(text: str | bytes) -> None:
    assert all(said.startswith("p.yaml:") for said in mistakes_in(text))
