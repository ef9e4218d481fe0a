"""Heads that were kept elsewhere show what the table alone cannot."""

import pytest

from app.chain import anchors, links
from app.db import Database
from tests.chain.conftest import heads_of, proved, write
from tests.support.people import NOON

STREAM = links.stream_of("participant:one")


def test_heads_are_where_the_streams_end(study: Database) -> None:
    assert {} == heads_of(study)
    write(study, 3)
    write(study, 2, "participant:four")
    found = proved(study)
    assert found.heads == heads_of(study)
    assert 3 == found.heads[STREAM].number


def test_heads_survive_being_written_down(study: Database) -> None:
    write(study, 3)
    first = heads_of(study)
    write(study, 2)
    second = heads_of(study)
    lines = [anchors.line("audit_entry", heads, NOON) for heads in (first, second)]
    kept = anchors.read([*lines, ""])
    assert [first[STREAM], second[STREAM]] == kept["audit_entry"][STREAM]
    assert [] == proved(study, kept["audit_entry"]).breaks


@pytest.mark.parametrize("line", ["no json", "[]", '{"chain": "a"}', '{"chain": "a", "heads": {"x": [1, "h"]}}'])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 is not a line of heads"):
        anchors.read(["", line])
