"""A visit's form and its part of the draft's document, each made from the other; what makes no sense is kept too."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.form import BaseForm

Part = dict[str, Any]

PERIODS = ("offset", "opens", "notify", "due", "closes")
HOURS = {"opens_hour": 0, "notify_hour": 9, "due_hour": 24, "closes_hour": 24}
EXPIRY = {"never_opened_hours": 0, "started_hours": 24}
QUIET = {"quiet_from": 0, "quiet_until": 0}
CHOICES = {"late_answers": "labelled", "in_pause": "not-asked"}


def new(event: str, instruments: Iterable[str] = ()) -> Part:
    """A visit as it is proposed at first: a month's window, an invitation and two reminders."""
    ladder = (
        ("invitation", "invitation", "P0D"),
        ("reminder-1", "reminder", "P7D"),
        ("last-call", "last-call", "P14D"),
    )
    return {
        "key": "",
        "title": {},
        "event": event,
        "offset": "P0D",
        "opens": "P0D",
        "notify": "P0D",
        "due": "P14D",
        "closes": "P28D",
        "instruments": list(instruments),
        "reminders": [{"step": step, "kind": kind, "after": after} for step, kind, after in ladder],
    }


def to_form(visit: Mapping[str, Any], languages: Iterable[str], arms: Iterable[str]) -> Part:
    """What stands in the fields of a visit."""
    repeats, burst = _mapping(visit, "repeats"), _mapping(visit, "burst")
    only, expiry, sending = _mapping(visit, "only_if"), _mapping(visit, "expiry"), _mapping(visit, "sending")
    escalation, title = _mapping(visit, "escalation"), _mapping(visit, "title")
    by_arm = _mapping(visit, "instruments_by_arm")
    data: Part = {name: visit.get(name) for name in ("key", "event", *PERIODS)}
    data |= {f"title-{language}": title.get(language, "") for language in languages}
    data |= {name: visit.get(name, default) for name, default in (HOURS | CHOICES).items()}
    data |= {name: expiry.get(name, default) for name, default in EXPIRY.items()}
    data |= {name: sending.get(name, default) for name, default in QUIET.items()}
    data |= {"receipt": visit.get("receipt", False)}
    data |= {"weekends": sending.get("weekends", True), "stops_at": _list(visit, "stops_at")}
    data |= {"instruments": _list(visit, "instruments"), "only_arms": _list(only, "arms")}
    data |= {f"instruments-{arm}": _list(by_arm, arm) for arm in arms}
    data |= {f"repeats_{name}": repeats.get(name) for name in ("every", "times", "until", "until_event")}
    data |= {f"burst_{name}": burst.get(name) for name in ("times", "every")}
    data |= {f"escalation_{name}": escalation.get(name) for name in ("after", "to")}
    data["reminders"] = [{"channel": "email", **one} for one in _list(visit, "reminders") if isinstance(one, Mapping)]
    data["thresholds"] = [
        {**one, "scale": f"{one.get('instrument', '')}:{one.get('scale', '')}"}
        for one in _list(only, "scores")
        if isinstance(one, Mapping)
    ]
    return data


def from_form(form: BaseForm, languages: Iterable[str], arms: Iterable[str]) -> Part:
    """The part of the document that the form says, without what is so anyway."""
    value = {name: field.data for name, field in form._fields.items()}
    visit: Part = {
        "key": (value["key"] or "").strip(),
        "title": {lang: text for lang in languages if (text := (value[f"title-{lang}"] or "").strip())},
        "event": value["event"] or "",
        **{name: value[name] or "P0D" for name in PERIODS},
        **_unless(value, HOURS),
        "instruments": value["instruments"] or [],
    }
    by_arm = {arm: value[f"instruments-{arm}"] for arm in arms if value[f"instruments-{arm}"]}
    optional: Part = {
        "instruments_by_arm": by_arm,
        "repeats": _grouped(value, "repeats", ("every", "times", "until", "until_event")),
        "burst": _grouped(value, "burst", ("times", "every")) if value["burst_times"] else {},
        "only_if": _conditions(value),
        "stops_at": value["stops_at"],
        "expiry": _unless(value, EXPIRY),
        "reminders": [step for row in value["reminders"] if (step := _reminder(row))],
        "sending": {**_unless(value, QUIET), **({} if value["weekends"] else {"weekends": False})},
        "escalation": _grouped(value, "escalation", ("after", "to")) if value["escalation_after"] else {},
        "receipt": bool(value["receipt"]),
    }
    visit |= {name: value[name] for name, default in CHOICES.items() if value[name] not in (None, default)}
    return visit | {name: part for name, part in optional.items() if part}


def number(text: object) -> object:
    """A whole number out of a box; anything else as it was typed, for the check to name."""
    words = str(text).strip()
    return int(words) if words.isascii() and words.isdigit() and len(words) < 9 else words


def measure(text: object) -> object:
    """The same for a number with decimals, written with a point or a comma."""
    words = str(text).strip().replace(",", ".")
    try:
        return float(words)
    except ValueError:
        return words


def _unless(value: Mapping[str, Any], defaults: Mapping[str, int]) -> Part:
    """The numbers that are there and say something else than what is so anyway."""
    typed = {name: value[name] for name in defaults if value[name] not in (None, "")}
    return {name: number(text) for name, text in typed.items() if number(text) != defaults[name]}


def _grouped(value: Mapping[str, Any], group: str, names: Iterable[str]) -> Part:
    found = {name: value[f"{group}_{name}"] for name in names if value[f"{group}_{name}"]}
    return {name: number(text) if name == "times" else text for name, text in found.items()}


def _conditions(value: Mapping[str, Any]) -> Part:
    scores = [score for row in value["thresholds"] if (score := _threshold(row))]
    found = {"arms": value["only_arms"], "scores": scores}
    return {name: part for name, part in found.items() if part}


def _threshold(row: Mapping[str, Any]) -> Part:
    if not row["visit"]:
        return {}
    instrument, _colon, scale = (row["scale"] or "").partition(":")
    bounds = {name: measure(row[name]) for name in ("at_least", "at_most") if row[name] not in (None, "")}
    return {"visit": row["visit"], "instrument": instrument, "scale": scale, **bounds}


def _reminder(row: Mapping[str, Any]) -> Part:
    if not row["after"]:
        return {}
    step: Part = {"step": (row["step"] or row["kind"] or "").strip(), "kind": row["kind"], "after": row["after"]}
    if row["hour"] not in (None, ""):
        step["hour"] = number(row["hour"])
    if row["channel"] not in (None, "email"):
        step["channel"] = row["channel"]
    return step


def _mapping(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = part.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(part: Mapping[str, Any], name: str) -> list[Any]:
    found = part.get(name)
    return list(found) if isinstance(found, list | tuple) else []
