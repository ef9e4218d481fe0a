"""What stands on the sheets of the paper version, as plain data in the language of the wording."""

from collections.abc import Callable, Mapping
from typing import Any

from app.questionnaires.definition import Page
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded
from app.web.condition_words import in_words, number_of
from app.web.locale import _, reading_in
from app.web.preview.shown import Preview

LONG_TEXT_LINES, MOST_BOXES = 5, 11


def data(preview: Preview) -> dict[str, Any]:
    """Everything that the template of the sheets sets."""
    with reading_in(preview.wording.language):
        return _data(preview)


def _data(preview: Preview) -> dict[str, Any]:
    instrument, wording = preview.instrument, preview.wording
    language, _separator, region = wording.language.partition("-")
    facts = {"title": wording.title, "code": instrument.code, "version": instrument.version}
    return {
        "title": wording.title,
        "instrument": instrument.key,
        "hash": wording.content_hash,
        "lang": language,
        "region": region if len(region) == 2 else None,
        "header": _("%(title)s (%(code)s, version %(version)s)", **facts),
        "mark": _("PREVIEW – topics, not the questions") if preview.is_topics else "",
        "stamp": _("PREVIEW"),
        "warning": _("Preview only: these are topics, not the questions of the questionnaire.")
        if preview.is_topics
        else "",
        "footer": _(
            "Wording %(language)s, version %(version)s, SHA-256 %(hash)s",
            language=wording.language,
            version=wording.wording_version,
            hash=wording.content_hash,
        ),
        "sheet": _("Sheet %(number)s of %(total)s", number="{number}", total="{total}"),
        "introduction": wording.introduction,
        "how": _("Answer with a pen. To change an answer, cross it out and mark another one."),
        "pages": [_page(preview, page) for page in instrument.pages],
        "thanks": wording.thanks,
    }


def _page(preview: Preview, page: Page) -> dict[str, Any]:
    note = ""
    if page.ask_if:
        condition = in_words(page.ask_if, preview.instrument, preview.wording)
        note = _("Answer the questions below only if %(condition)s.", condition=condition)
    title = preview.wording.page_text(page.key)
    return {"title": title, "note": note, "items": [_item(preview, item) for item in page.items]}


def _item(preview: Preview, item: ItemId) -> dict[str, Any]:
    instrument, wording = preview.instrument, preview.wording
    scale, note = instrument.response_of(item), ""
    asked_if = instrument.items[item].ask_if
    if asked_if:
        note = _("Answer this question only if %(condition)s.", condition=in_words(asked_if, instrument, wording))
    return {
        "number": number_of(instrument, item),
        "text": wording.item_text(item),
        "recall": wording.recall_of(instrument, item) or "",
        "note": note,
        "kind": scale.kind,
        "hint": "",
        "others": _others(preview, item),
        **ANSWERS[scale.kind](preview, instrument.items[item].response, scale),
    }


def _others(preview: Preview, item: ItemId) -> list[str]:
    """What may be ticked instead of an answer; "I prefer not to answer" where the item may be left out."""
    scale, response = preview.instrument.response_of(item), preview.instrument.items[item].response
    beside = scale.not_answers if isinstance(scale, Coded) else {}
    labels = [preview.wording.option_text(response, code) or str(code) for code in beside]
    has_own = "prefer-not-to-answer" in beside.values() or preview.instrument.items[item].required
    return labels if has_own else [*labels, _("I prefer not to answer")]


def _labels(preview: Preview, response: str, codes: tuple[int, ...]) -> list[str]:
    return [preview.wording.option_text(response, code) or str(code) for code in codes]


def _choice(preview: Preview, response: str, scale: Any) -> dict[str, Any]:
    return {"options": _labels(preview, response, scale.options)}


def _multiple(preview: Preview, response: str, scale: Any) -> dict[str, Any]:
    return {"options": _labels(preview, response, scale.options), "hint": _("You may tick several boxes.")}


def _ranking(preview: Preview, response: str, scale: Any) -> dict[str, Any]:
    places = scale.places or len(scale.options)
    hint = _("Write numbers into the boxes: 1 for the first place, up to %(places)s.", places=places)
    return {"options": _labels(preview, response, scale.options), "hint": hint}


def _rating(preview: Preview, response: str, scale: Any) -> dict[str, Any]:
    if len(scale.scored) > MOST_BOXES:
        low, high = preview.wording.ends(response) or ("", "")
        bounds = {"low": scale.minimum, "high": scale.maximum, "lowest": low, "highest": high}
        hint = _("Write a number from %(low)s (%(lowest)s) to %(high)s (%(highest)s).", **bounds)
        return {"kind": "number", "unit": "", "hint": hint}
    ends = preview.wording.ends(response) or ("", "")
    return {"options": [str(value) for value in scale.scored], "ends": list(ends)}


def _line(preview: Preview, response: str, _scale: Any) -> dict[str, Any]:
    ends = preview.wording.ends(response) or ("", "")
    return {"ends": list(ends), "hint": _("Put a mark across the line. It is 100 mm long when printed at full size.")}


def _number(_preview: Preview, _response: str, scale: Any) -> dict[str, Any]:
    hint = _("A number from %(low)s to %(high)s", low=f"{scale.minimum:g}", high=f"{scale.maximum:g}")
    return {"unit": scale.unit, "hint": hint}


def _date(_preview: Preview, _response: str, scale: Any) -> dict[str, Any]:
    parts = [(_("day"), 2), (_("month"), 2), (_("year"), 4)]
    hints: Mapping[str, str] = {
        "year": _("The year is enough, if you do not know more."),
        "month": _("Month and year are enough, if you do not know more."),
        "day": "",
    }
    return {"parts": [{"name": name, "digits": digits} for name, digits in parts], "hint": hints[scale.precision]}


def _text(_preview: Preview, _response: str, scale: Any) -> dict[str, Any]:
    return {"lines": LONG_TEXT_LINES if scale.length == "long" else 1}


ANSWERS: Mapping[str, Callable[[Preview, str, Any], dict[str, Any]]] = {
    "choice": _choice,
    "multiple": _multiple,
    "ranking": _ranking,
    "rating": _rating,
    "vas": _line,
    "number": _number,
    "date": _date,
    "text": _text,
}
"""How each kind of question is answered with a pen; one row a kind."""
