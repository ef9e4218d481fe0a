"""The parts of a draft's document, changed one at a time."""

from app.studies import draft_parts

DOCUMENT = {
    "events": {"inclusion": {"kind": "inclusion"}, "surgery": {}},
    "visits": [{"key": "A"}, {"key": "B"}, {"key": "C"}],
}


def keys(document) -> list[str]:
    return [visit["key"] for visit in document["visits"]]


def test_a_visit_takes_the_place_of_the_one_it_was():
    assert ["A", "X", "C"] == keys(draft_parts.with_visit(DOCUMENT, "B", {"key": "X"}))
    assert ["A", "B", "C", "X"] == keys(draft_parts.with_visit(DOCUMENT, None, {"key": "X"}))
    assert ["A", "B", "C", "X"] == keys(draft_parts.with_visit(DOCUMENT, "gone", {"key": "X"}))


def test_visits_move_as_far_as_there_are_places():
    assert ["B", "A", "C"] == keys(draft_parts.moved(DOCUMENT, "B", -1))
    assert ["A", "B", "C"] == keys(draft_parts.moved(DOCUMENT, "A", -1))
    assert ["A", "B", "C"] == keys(draft_parts.moved(DOCUMENT, "C", 1))
    assert DOCUMENT == draft_parts.moved(DOCUMENT, "gone", 1)


def test_an_event_keeps_its_place_under_a_new_key():
    renamed = draft_parts.with_named(DOCUMENT, "events", "inclusion", "start", {"kind": "other"})
    assert ["start", "surgery"] == list(renamed["events"])
    assert ["inclusion", "surgery", "death"] == list(
        draft_parts.with_named(DOCUMENT, "events", None, "death", {})["events"]
    )
    assert ["surgery"] == list(draft_parts.without_named(DOCUMENT, "events", "inclusion")["events"])


def test_nothing_given_is_changed():
    draft_parts.without_visit(DOCUMENT, "A")
    draft_parts.moved(DOCUMENT, "A", 1)
    assert ["A", "B", "C"] == keys(DOCUMENT)


def test_a_draft_from_a_file_may_hold_anything():
    nonsense = {"events": ["x"], "visits": "y", "arms": None}
    assert ([], {}, {}) == (
        draft_parts.visits(nonsense),
        draft_parts.named(nonsense, "events"),
        draft_parts.named(nonsense, "arms"),
    )
    assert [{"key": "X"}] == draft_parts.with_visit(nonsense, None, {"key": "X"})["visits"]
