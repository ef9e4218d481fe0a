"""An instrument as an HL7 FHIR R4 Questionnaire with the extensions of Structured Data Capture (SDC).

Groups are sections and pages, linkIds of questions are the items' own names. What FHIR has no place for stands in one
extension (``declared``), so that nothing is lost between two installations of WeShare.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.exchange import declared
from app.exchange.fhir import names, paths
from app.exchange.fhir.elements import Json, extension, labelled, with_extensions
from app.exchange.fhir.names import part
from app.exchange.fhir.write_conditions import enable
from app.exchange.fhir.write_kinds import Asked, shape
from app.exchange.fhir.write_scores import Scores, codes
from app.exchange.notes import Exported, Note
from app.exchange.texts import Label, Texts
from app.questionnaires.definition import Fact, Instrument, Page, Plausibility
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.response_scales import Vas
from app.questionnaires.wording import Wording

NATIVE = (
    "code", "version", "owner", "recall_periods", "facts", "response_scales", "items", "sections", "pages", "codes",
)  # fmt: skip


def questionnaire(instrument: Instrument, wordings: Mapping[str, Wording]) -> Exported:
    """The JSON of the questionnaire in these languages, the first one being its own; without any, a marked preview."""
    resource, notes = resource_of(instrument, wordings)
    return Exported(json.dumps(resource, ensure_ascii=False, indent=1).encode(), notes)


def resource_of(instrument: Instrument, wordings: Mapping[str, Wording]) -> tuple[Json, tuple[Note, ...]]:
    """The same as plain data, and what it does not say."""
    return _Writer(Texts(instrument, wordings)).resource()


class _Writer:
    def __init__(self, texts: Texts) -> None:
        self.texts, self.instrument = texts, texts.instrument
        self.scores = Scores(texts)
        self.notes: list[Note] = []
        self.kept = tuple(_kept(self.instrument))

    def resource(self) -> tuple[Json, tuple[Note, ...]]:
        one, texts = self.instrument, self.texts
        items = [*self._head(), *self._pages(), *self._tail()]
        checks = [self._check(check) for check in one.checks]
        variables = self.scores.variables(list(_expressions([items, checks])))
        notes = (*self.notes, *self.scores.notes())
        unsaid = [extension(names.UNSAID, "String", str(note)) for note in notes]
        kept = [extension(names.DECLARED, "String", declared.line(self._declared()))]
        resource = {
            "resourceType": "Questionnaire",
            "language": texts.languages[0],
            "extension": [*map(self._wording, texts.wordings.values()), *variables, *checks, *unsaid, *kept],
            "url": names.questionnaire(one.code),
            "identifier": [{"system": names.HASH, "value": one.content_hash}],
            "version": one.version,
            "name": "".join(word.title() for word in f"q-{one.code}".split("-")),
            **labelled("title", texts.title()),
            "status": "draft" if texts.is_preview else "active",
            "experimental": texts.is_preview,
            "subjectType": ["Patient"],
            "publisher": one.owner,
            "contact": [{"name": one.licence.contact}],
            "copyright": one.licence.terms,
            **({"code": codes(one.codes)} if codes(one.codes) else {}),
            "item": items,
        }
        return resource, notes

    def _head(self) -> Iterator[Json]:
        yield _shown("introduction", self.texts.introduction())
        if self.instrument.facts:
            facts = [self._fact(name, fact) for name, fact in self.instrument.facts.items()]
            hidden = [extension(names.HIDDEN, "Boolean", True)]
            yield {
                "extension": hidden,
                "linkId": "facts",
                "text": "What the study knows",
                "type": "group",
                "item": facts,
            }

    def _tail(self) -> Iterator[Json]:
        if thanks := self.texts.thanks():
            yield _shown("thanks", thanks)
        if group := self.scores.group():
            yield group

    def _pages(self) -> list[Json]:
        """The pages in order; those of a section inside its group."""
        found: list[Json] = []
        for page in self.instrument.pages:
            inside = found
            if page.section is not None:
                link = part("section", page.section)
                if not found or found[-1]["linkId"] != link:
                    title = self.instrument.sections[page.section]
                    found.append({"linkId": link, "text": title, "type": "group", "item": []})
                inside = found[-1]["item"]
            inside.append(self._page(page))
        return found

    def _page(self, page: Page) -> Json:
        extensions, fields = ([], {}) if page.ask_if is None else enable(self.instrument, page.ask_if)
        group = {"linkId": part("page", page.key), **labelled("text", self.texts.page(page)), "type": "group"}
        return with_extensions({**group, **fields, "item": list(self._items(page))}, extensions)

    def _items(self, page: Page) -> Iterator[Json]:
        """The questions of a page, and the period they ask about in front of the first that asks about it."""
        before: str | None = None
        for number, item in enumerate(page.items):
            recall = self.instrument.items[item].recall
            if recall is not None and recall != before:
                shown = _shown(f"recall.{page.key}.{number}", self.texts.recall(recall))
                topic = extension(names.TOPIC, "String", self.instrument.recall_periods[recall])
                yield {"extension": [extension(names.RECALL, "Code", recall), topic], **shown}
            before = recall
            yield self._item(item)

    def _item(self, item_id: ItemId) -> Json:
        instrument, item = self.instrument, self.instrument.items[item_id]
        asked = Asked(self.texts, item_id, item.response)
        form = shape(asked, instrument.response_scales[item.response])
        extensions, fields = ([], {}) if item.ask_if is None else enable(instrument, item.ask_if)
        named = [extension(names.TOPIC, "String", item.topic), extension(names.RESPONSE, "Code", item.response)]
        named += [] if item.recall is None else [extension(names.RECALL, "Code", item.recall)]
        if form.loss is not None:
            self.notes.append(Note(item_id, form.loss))
        return {
            "extension": [*named, *form.extensions, *extensions],
            "linkId": item_id,
            **({"code": codes(item.codes)} if codes(item.codes) else {}),
            **({} if item.number is None else {"prefix": item.number}),
            **labelled("text", self.texts.item(item_id)),
            "type": form.type,
            **fields,
            **({"required": True} if item.required else {}),
            **form.fields,
            **({"item": form.children} if form.children else {}),
        }

    def _fact(self, name: FactId, fact: Fact) -> Json:
        base = {"linkId": part("fact", name), "text": fact.title}
        if fact.values is not None:
            system = names.options(self.instrument.code, name)
            options = [{"valueCoding": {"system": system, "code": word, "display": word}} for word in fact.values]
            return {**base, "type": "choice", "answerOption": options}
        pairs = ((names.MINIMUM, fact.minimum), (names.MAXIMUM, fact.maximum))
        bounds = [extension(url, "Decimal", declared.tidied(number)) for url, number in pairs]
        return {"extension": bounds, **base, "type": "decimal"}

    def _check(self, check: Plausibility) -> Json:
        """HL7's constraint says what must hold, ours when there is something to say."""
        printed = paths.Printer(self.instrument).condition(check.when)
        parts = [
            extension("key", "Id", check.key.replace("_", "-")),
            extension("severity", "Code", {"soft": "warning", "hard": "error"}[check.level]),
            extension("expression", "String", f"iif({printed}, false, true)"),
            extension("human", "String", self.texts.check(check.key, check.message)[self.texts.languages[0]]),
        ]
        return {"url": names.CONSTRAINT, "extension": parts}

    def _wording(self, wording: Wording) -> Json:
        """Where a language's text comes from, and its texts for which the questionnaire has no place."""
        from_ = wording.provenance
        asked = {item.recall for item in self.instrument.items.values()}
        rest = {
            "response_scales": {
                name: one.model_dump(mode="python", exclude_defaults=True)
                for name, one in wording.response_scales.items()
                if name in self.kept
            },
            "recall_periods": {name: one for name, one in wording.recall_periods.items() if name not in asked},
            "checks": dict(wording.checks),
        }
        parts = [
            extension("language", "Code", wording.language),
            extension("version", "String", wording.wording_version),
            extension("kind", "Code", from_.kind),
            extension("author", "String", from_.author),
            extension("date", "Date", from_.date.isoformat()),
        ]
        licensed = {
            "translation-version": from_.translation_version,
            "certificate": from_.certificate,
            "licence-number": from_.licence_number,
        }
        parts += [extension(name, "String", text) for name, text in licensed.items() if text is not None]
        left = declared.without(rest, ())
        parts += [extension("rest", "String", declared.line(left))] if left else []
        return {"url": names.WORDING, "extension": parts}

    def _declared(self) -> declared.Plain:
        """What is said nowhere else."""
        one, data = self.instrument, declared.plain(self.instrument)
        asked = {item.recall for item in one.items.values()}
        rest = declared.without(data, NATIVE)
        rest["licence"] = declared.without(data["licence"], ("terms", "contact"))
        unused = {
            "response_scales": {name: data["response_scales"][name] for name in self.kept},
            "recall_periods": {k: title for k, title in data.get("recall_periods", {}).items() if k not in asked},
            "skipped": {item: value["skipped"] for item, value in data["items"].items() if "skipped" in value},
            "order": {
                group: list(data[group]) for group in ("items", "response_scales", "recall_periods") if group in data
            },
        }
        return {**rest, **declared.without(unused, ())}


def _kept(instrument: Instrument) -> Iterator[str]:
    """The response scales that no item says in full: no item uses them, or FHIR cannot say them."""
    used = {item.response for item in instrument.items.values()}
    for name, scale in instrument.response_scales.items():
        if name not in used or (isinstance(scale, Vas) and scale.not_answers):
            yield name


def _shown(link: str, label: Label) -> Json:
    return {"linkId": link, **labelled("text", label), "type": "display"}


def _expressions(value: Any) -> Iterator[str]:
    """Every FHIRPath expression in a piece of a resource."""
    if isinstance(value, dict):
        if value.get("language") == names.FHIRPATH:
            yield value["expression"]
        if value.get("url") == "expression":
            yield value["valueString"]
        for one in value.values():
            yield from _expressions(one)
    elif isinstance(value, list):
        for one in value:
            yield from _expressions(one)
