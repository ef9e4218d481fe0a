"""Reads REDCap data dictionaries (CSV as a JSON text a line) and prints what the model of linkml-redcap objects to.

Every rule comes out of its schema: columns, patterns, what is required, the words of each list; beside them the rules
that the schema states in its comments (unique names, forms in one piece, first the record's name).
"""

import csv
import io
import json
import re
import sys

from linkml_redcap.data_dictionary import schema_view

VIEW = schema_view()
FIELD = VIEW.get_class("Field")
SLOTS = list(FIELD.attributes.values())
WORDS = {name: set(one.permissible_values) for name, one in VIEW.all_enums().items()}
CHOICE = VIEW.get_class("Choice").attributes["raw_value"]


def of_row(number, values):
    """What a single row gets wrong."""
    for slot in SLOTS:
        value = values[slot.name]
        if slot.required and not value:
            yield f"row {number}: {slot.name} is empty"
        is_pattern = not slot.pattern or re.fullmatch(slot.pattern, value)
        is_word = slot.range not in WORDS or value in WORDS[slot.range]
        if value and not (is_pattern and is_word):
            yield f"row {number}: {slot.name} is {value!r}"
    if values["field_type"] in ("radio", "dropdown", "checkbox"):
        for one in values["choices_calculations_slider_labels"].split("|"):
            code, comma, label = one.partition(",")
            if not comma or not label.strip() or not re.fullmatch(CHOICE.pattern, code.strip().lstrip("-")):
                yield f"row {number}: the choice {one!r}"


def said(text):
    """Everything that a dictionary gets wrong."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len(SLOTS) != len(rows[0]):
        yield f"{len(rows[0])} columns"
    names, forms = [], []
    for number, row in enumerate(rows[1:], start=2):
        values = dict(zip((slot.name for slot in SLOTS), row, strict=True))
        yield from of_row(number, values)
        names.append(values["variable_field_name"])
        if not forms or forms[-1] != values["form_name"]:
            forms.append(values["form_name"])
    if len(set(names)) < len(names) or len(set(forms)) < len(forms):
        yield "a name twice, or a form in two pieces"
    if rows[1][3] != "text":
        yield "the first field is no text"


for line in sys.stdin:
    sys.stdout.write(json.dumps(list(said(json.loads(line)))) + "\n")
