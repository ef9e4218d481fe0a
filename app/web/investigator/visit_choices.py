"""What the selects of a visit's form offer: events, groups, questionnaires and their scales."""

from dataclasses import dataclass

from app.studies import draft_parts
from app.web.investigator import scales, visit_fields
from app.web.investigator.drafting import Drafting
from app.web.investigator.period_words import UNITS
from app.web.locale import _, ngettext
from app.web.request import current
from app.web.texts import in_language

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of each select, in their order."""

    units: Options
    events: Options
    arms: Options
    instruments: Options
    earlier: Options
    scales: Options
    kinds: Options
    channels: Options
    late: Options
    in_pause: Options
    alerted: Options


def choices(found: Drafting, key: str | None) -> Choices:
    """Everything that can be chosen for the visit of that key."""
    document = found.document
    visits = [one for one in draft_parts.visits(document) if one.get("key") and one.get("key") != key]
    return Choices(
        units=visit_fields.table(UNITS),
        events=_named(document, "events"),
        arms=_named(document, "arms"),
        instruments=[(one, instrument_label(one)) for one in current.library.keys],
        earlier=[(str(one["key"]), _title(one, str(one["key"]))) for one in visits],
        scales=_scales(document),
        kinds=visit_fields.table(visit_fields.KINDS),
        channels=visit_fields.table(visit_fields.CHANNELS),
        late=visit_fields.table(visit_fields.LATE),
        in_pause=visit_fields.table(visit_fields.IN_PAUSE),
        alerted=visit_fields.table(visit_fields.ALERTED),
    )


def instrument_label(key: str) -> str:
    """An instrument with its key and how long it takes."""
    minutes = current.library.instrument(key).minutes
    how_long = ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return _("%(title)s (%(key)s, %(how_long)s)", title=scales.name_of(key), key=key, how_long=how_long)


def _named(document: draft_parts.Document, kind: str) -> Options:
    return [(key, _title(part, key)) for key, part in draft_parts.named(document, kind).items()]


def _title(part: draft_parts.Part, otherwise: str) -> str:
    title = part.get("title")
    return in_language(title, current.language) or otherwise if isinstance(title, dict) and title else otherwise


def _scales(document: draft_parts.Document) -> Options:
    """The scales of the instruments that any visit asks for."""
    asked = {
        one
        for visit in draft_parts.visits(document)
        for one in visit.get("instruments") or ()
        if one in current.library.installed
    }
    return [
        (scale.key, _("%(instrument)s: %(scale)s", instrument=key, scale=scale.label))
        for key in sorted(asked)
        for scale in scales.scales_of(key)
    ]
