"""The tree of items of a FHIR questionnaire as sections, pages, questions, facts and scores."""

from dataclasses import dataclass, field
from typing import Any, Final

from app.exchange import foreign
from app.exchange.fhir import names, places
from app.exchange.fhir.read_conditions import Known, condition
from app.exchange.fhir.read_kinds import Answering, answering
from app.exchange.json_places import Place

SYSTEMS: Final = {names.LOINC: "loinc", names.SNOMED: "snomed"}


@dataclass(slots=True)
class _Page:
    key: str
    heading: dict[str, str]
    section: str | None
    groups: tuple[Place, ...]
    items: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Scale:
    scale: dict[str, Any]
    texts: dict[str, dict[str, Any]]


class Items:
    """Reads the items of one questionnaire in one walk; conditions last, when every name is known."""

    def __init__(self, language: str, changed: frozenset[str]) -> None:
        self.language, self.changed, self.has_topics = language, changed, True
        self.items: dict[str, dict[str, Any]] = {}
        self.questions: dict[str, dict[str, str]] = {}
        self.places: dict[str, Place] = {}
        self.response_scales: dict[str, _Scale] = {}
        self.recall_periods: dict[str, tuple[str, dict[str, str]]] = {}
        self.sections: dict[str, str] = {}
        self.pages: list[_Page] = []
        self.facts: dict[str, dict[str, Any]] = {}
        self.scales: dict[str, dict[str, Any]] = {}
        self.shown: dict[str, dict[str, str]] = {}
        self.subjects: dict[str, tuple[str, str]] = {}
        self.answerings: dict[str, Answering] = {}

    def read(self, root: Place) -> None:
        """Read all items below the root."""
        self._walk(root, (), None)
        self.pages = [page for page in self.pages if page.items]
        used = {page.section for page in self.pages}
        self.sections = {name: title for name, title in self.sections.items() if name in used}

    def definition(self) -> dict[str, Any]:
        """The parts of a definition that the items say."""
        known = Known(self.subjects, self.answerings)
        for name, item in self.items.items():
            place = self.places[name]
            found = condition(place, known, trusted=place.path not in self.changed)
            if found is not None:
                item["ask_if"] = found
        pages = [self._page(page, known) for page in self.pages]
        groups: dict[str, Any] = {
            "recall_periods": {name: topic for name, (topic, _texts) in self.recall_periods.items()},
            "facts": self.facts,
            "response_scales": {name: one.scale for name, one in self.response_scales.items()},
            "items": self.items,
            "sections": self.sections,
        }
        return {**{key: one for key, one in groups.items() if one}, "items": self.items, "pages": pages}

    def codes(self, place: Place) -> dict[str, str]:
        """LOINC and SNOMED CT codes of an element; others stay unread."""
        found: dict[str, str] = {}
        for one in place.get("code").each():
            system, code = one.get("system").value, one.get("code").text()
            one.get("display")
            name = SYSTEMS.get(system) if isinstance(system, str) else None
            if name is None or code is None or name in found:
                one.note("Only one LOINC code and one SNOMED CT code are kept; this one is not.")
            else:
                found[name] = code
        return found

    def languages(self) -> list[str]:
        """Every language in which every question has a text, that of the file first."""
        candidates = dict.fromkeys([self.language, *(lang for one in self.questions.values() for lang in one)])
        return [one for one in candidates if all(one in texts for texts in self.questions.values())]

    def wording(self, language: str) -> dict[str, Any]:
        """The texts of one language as a wording file says them; a text that is missing is that of the file's own."""
        scales = {
            name: one.texts.get(language) or one.texts.get(self.language) for name, one in self.response_scales.items()
        }
        found: dict[str, Any] = {
            name: texts[language]
            for name in ("introduction", "thanks")
            if (texts := self.shown.get(name, {})) and language in texts
        }
        periods = {name: texts.get(language, topic) for name, (topic, texts) in self.recall_periods.items()}
        return {
            **found,
            "recall_periods": periods,
            "response_scales": {name: texts for name, texts in scales.items() if texts},
            "pages": {
                page.key: page.heading.get(language) or page.heading.get(self.language, page.key) for page in self.pages
            },
            "items": {name: texts.get(language, "") for name, texts in self.questions.items()},
            "scales": {name: texts[language] for name, texts in self.scales.items() if language in texts},
        }

    def _walk(self, parent: Place, groups: tuple[Place, ...], section: str | None) -> None:
        page: _Page | None = None
        for item in parent.get("item").each():
            kind, link = item.get("type").value, item.get("linkId").text() or ""
            if kind == "group":
                page = None
                self._group(item, link, groups, section)
            elif kind == "display":
                self._display(item, link)
            else:
                if page is None:
                    page = self._new_page(groups, section)
                    self.pages.append(page)
                self._question(item, link, page)

    def _new_page(self, groups: tuple[Place, ...], section: str | None) -> _Page:
        taken = {one.key for one in self.pages}
        link = (groups[-1].value.get("linkId") if groups else None) or "page"
        prefix, _, name = str(link).partition(".")
        key = foreign.key(name if prefix == "page" and name else str(link), taken)
        heading = places.label(groups[-1], "text", self.language) if groups else {}
        return _Page(key, heading, section, groups)

    def _group(self, item: Place, link: str, groups: tuple[Place, ...], section: str | None) -> None:
        if link in ("facts", "scores"):
            places.value(item, names.HIDDEN, "Boolean"), item.get("text")
            for one in item.get("item").each():
                (self._fact if link == "facts" else self._score)(one)
            return
        if len(groups) > 8:
            item.note("Groups are nested too deep here; this one is left out.")
            item.whole()
            return
        inside = item.value.get("item")
        has_groups = isinstance(inside, list) and any(
            isinstance(one, dict) and one.get("type") == "group" for one in inside
        )
        if has_groups and section is None and not groups:
            prefix, _, name = link.partition(".")
            section = foreign.key(name if prefix == "section" and name else link, self.sections)
            self.sections[section] = places.clean(item.get("text")) or section
        self._walk(item, (*groups, item), section)

    def _display(self, item: Place, link: str) -> None:
        texts = places.label(item, "text", self.language)
        recall = places.value(item, names.RECALL, "Code").text()
        if recall is not None:
            topic = places.value(item, names.TOPIC, "String").text()
            first = next(iter(texts.values()), recall)
            self.recall_periods.setdefault(foreign.key(recall), (topic or first, texts))
        elif link in ("introduction", "thanks"):
            self.shown[link] = texts
        else:
            item.note("A text between the questions has no place of its own; it is left out.")
            item.whole()

    def _question(self, item: Place, link: str, page: _Page) -> None:
        if next(places.extensions(item, names.CALCULATED), None) is not None or item.get("readOnly").value is True:
            said = places.value(item, names.CALCULATED, "Expression").get("expression").value
            item.note(f"A value that is computed and not asked is left out; its expression: {str(said)[:200]}")
            item.whole()
            return
        found = answering(item, self.language)
        if found is None:
            return
        name = foreign.key(link, self.items)
        if name != link:
            item.get("linkId").note(f"The name of the item is {name} here.")
        texts = places.label(item, "text", self.language)
        topic = places.value(item, names.TOPIC, "String")
        first = next(iter(texts.values()), None)
        if topic.value is None:
            self.has_topics = False
        data: dict[str, Any] = {"topic": places.clean(topic) or first or name}
        data["response"] = self._response(item, name, found)
        if (prefix := places.clean(item.get("prefix"))) is not None:
            data["number"] = prefix
        recall = places.value(item, names.RECALL, "Code").text()
        if recall is not None and foreign.key(recall) in self.recall_periods:
            data["recall"] = foreign.key(recall)
        if item.get("required").flag():
            data["required"] = True
        if codes := self.codes(item):
            data["codes"] = codes
        self.items[name], self.places[name] = data, item
        self.questions[name] = texts or {self.language: data["topic"]}
        self.subjects.setdefault(link, ("answer", name))
        self.answerings.setdefault(link, found)
        page.items.append(name)
        self._below(item, page)

    def _below(self, item: Place, page: _Page) -> None:
        """What is nested under a question: the ends of its scale are read already, other questions follow it."""
        for child in item.get("item").each():
            kind = child.get("type").value
            if kind == "display" and places.control(child) in ("lower", "upper"):
                continue
            if kind in ("display", "group"):
                child.note("What is nested under a question and is no question is left out.")
                child.whole()
                continue
            child.note("A question under another one follows it here.")
            self._question(child, child.get("linkId").text() or "", page)

    def _response(self, item: Place, name: str, found: Answering) -> str:
        """The name of the response scale; equal scales with equal texts are one."""
        named = places.value(item, names.RESPONSE, "Code").text()
        wanted = foreign.key(named or f"{found.scale['kind']}_{name}")
        one = _Scale(found.scale, found.texts)
        if named is None:
            for known, other in self.response_scales.items():
                if other == one:
                    return known
        if self.response_scales.get(wanted, one) != one:
            wanted = foreign.key(wanted, self.response_scales)
        self.response_scales[wanted] = one
        return wanted

    def _page(self, page: _Page, known: Known) -> dict[str, Any]:
        """A page with the conditions of all groups around it."""
        found = [condition(one, known, trusted=one.path not in self.changed) for one in page.groups]
        conditions = [one for one in found if one is not None]
        data: dict[str, Any] = {"key": page.key, "items": page.items}
        if page.section is not None:
            data["section"] = page.section
        if conditions:
            data["ask_if"] = conditions[0] if len(conditions) == 1 else {"and": conditions}
        return data

    def _fact(self, item: Place) -> None:
        link = item.get("linkId").text() or ""
        name = link.removeprefix("fact.")
        data: dict[str, Any] = {"title": places.clean(item.get("text")) or name}
        if item.get("type").value == "choice":
            codings = [one.get("valueCoding") for one in item.get("answerOption").each()]
            data["values"] = [code for one in codings if (code := one.get("code").text()) is not None]
            for one in codings:
                one.whole()
        else:
            data["minimum"], data["maximum"] = (places.number(item, url) for url in (names.MINIMUM, names.MAXIMUM))
        self.facts[name] = data
        self.subjects[link] = ("fact", name)

    def _score(self, item: Place) -> None:
        link = item.get("linkId").text() or ""
        name = link.removeprefix("score.")
        self.subjects[link] = ("score", name)
        texts = places.label(item, "text", self.language)
        for one in places.extensions(item, names.SCALE_TEXT):
            language = places.parts(one, "language").get("valueCode").text()
            parts = {
                key: places.clean(places.parts(one, key).get("valueString")) for key in ("explanation", "low", "high")
            }
            if language is not None and language in texts:
                self.scales.setdefault(name, {})[language] = {"name": texts[language], **parts}
