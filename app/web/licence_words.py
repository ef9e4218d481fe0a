"""Wordings and licences in words: what a study still needs, in one sentence for each problem."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.licences.readiness import Problem
from app.licences.terms import Ending
from app.questionnaires.pack import Pack
from app.web.filters import day
from app.web.locale import _, lazy, ngettext
from app.web.request import current
from app.web.texts import language_name
from app.wordings.shelf import Fault

SENTENCES: Mapping[str, Any] = {
    "instrument-unknown": lazy("%(instrument)s is not installed here."),
    "wording-missing": lazy("The wording of %(instrument)s in %(language)s is not installed."),
    "wording-withdrawn": lazy("Every wording of %(instrument)s in %(language)s was withdrawn."),
    "wording-preview": lazy("Of %(instrument)s there is only a preview in %(language)s, without the questions."),
    "licence-missing": lazy("No licence for %(instrument)s is in the register."),
    "permission-missing": lazy("No licence for %(instrument)s covers this study in %(language)s."),
    "licence-not-yet-valid": lazy("The licence for %(instrument)s in %(language)s begins on %(day)s."),
    "licence-expired": lazy("The licence for %(instrument)s in %(language)s ended on %(day)s."),
    "electronic-missing": lazy("The licence for %(instrument)s in %(language)s does not include electronic use."),
    "licence-expires": lazy("The licence for %(instrument)s in %(language)s ends on %(day)s."),
}
KINDS: Mapping[str, Any] = {
    "own": lazy("Own wording"),
    "licensed": lazy("Licensed wording"),
    "preview": lazy("Preview (topics only)"),
}
FAULTS: Mapping[str, Any] = {
    "file-missing": lazy("The file of %(wording)s is missing. Bring it back from the backup, or install it again."),
    "file-changed": lazy(
        "The file of %(wording)s is not what was installed. Bring it back from the backup, or install it again."
    ),
    "not-fitting": lazy("%(wording)s does not fit its questionnaire as it is installed now."),
    "line-broken": lazy("Line %(wording)s of the register of wordings cannot be read."),
}
PERMISSION_STATES: Mapping[str, tuple[Any, str]] = {
    "licence-missing": (lazy("No licence"), "late"),
    "permission-missing": (lazy("No permission"), "late"),
    "licence-not-yet-valid": (lazy("Not valid yet"), "due"),
    "licence-expired": (lazy("Expired"), "late"),
    "electronic-missing": (lazy("Not for electronic use"), "late"),
    "licence-expires": (lazy("Ends soon"), "due"),
}
"""How the permission of an instrument in a language stands where something is to be said: words, and kind of badge."""


def sentence(problem: Problem) -> str:
    """What is missing, with the names and days that the reader needs."""
    code = "wording-withdrawn" if problem.facts.get("is_withdrawn") else problem.code
    when = problem.facts.get("expires_on") or problem.facts.get("valid_from")
    return str(SENTENCES[code]) % {
        "instrument": name_of(problem.instrument),
        "language": language_name(problem.language or ""),
        "day": day(when) if isinstance(when, date) else "",
    }


def fault(one: Fault) -> str:
    """Why an installed wording cannot be used, and what to do."""
    return str(FAULTS[one.code]) % {"wording": one.name}


def ending(one: Ending) -> str:
    """When a licence ends, or that it has."""
    if one.days_left < 0:
        return _("ended on %(day)s", day=day(one.expires_on))
    if one.days_left == 0:
        return _("ends today")
    return ngettext("ends in %(num)s day", "ends in %(num)s days", one.days_left)


def name_of(instrument: str) -> str:
    """What professionals call an instrument: its published title, or its key where it is not installed."""
    known = current.library.installed.get(instrument)
    return known.instrument.title if known else instrument


def state_of(pack: Pack) -> tuple[str, str]:
    """How a wording stands: words, and kind of badge."""
    key, language = pack.wording.instrument_key, pack.wording.language
    if not pack.is_usable:
        return _("No longer used"), "closed"
    if current.library.wording(key, language) == pack.wording:
        return _("In use"), "done"
    return _("Superseded"), "neutral"
