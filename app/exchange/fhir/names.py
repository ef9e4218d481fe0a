"""The addresses and identifiers that a FHIR file of ours is made of, for writing and for reading."""

from typing import Final

HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OWN: Final = "https://weshare.example/fhir/"

TRANSLATION: Final = f"{HL7}translation"
CONTROL: Final = f"{HL7}questionnaire-itemControl"
CONTROLS: Final = "http://hl7.org/fhir/questionnaire-item-control"
ORIENTATION: Final = f"{HL7}questionnaire-choiceOrientation"
EXCLUSIVE: Final = f"{HL7}questionnaire-optionExclusive"
UNIT: Final = f"{HL7}questionnaire-unit"
UNIT_OPTION: Final = f"{HL7}questionnaire-unitOption"
UCUM: Final = "http://unitsofmeasure.org"
HIDDEN: Final = f"{HL7}questionnaire-hidden"
CONSTRAINT: Final = f"{HL7}questionnaire-constraint"
LEAST: Final = f"{HL7}questionnaire-minOccurs"
MOST: Final = f"{HL7}questionnaire-maxOccurs"
STEP: Final = f"{HL7}questionnaire-sliderStepValue"
MINIMUM: Final = f"{HL7}minValue"
MAXIMUM: Final = f"{HL7}maxValue"
DECIMALS: Final = f"{HL7}maxDecimalPlaces"
FORMAT: Final = f"{HL7}entryFormat"
ORDINAL: Final = f"{HL7}ordinalValue"
WEIGHT: Final = f"{HL7}itemWeight"
ABSENT: Final = f"{HL7}data-absent-reason"
VARIABLE: Final = f"{HL7}variable"
TOPIC: Final = f"{SDC}shortText"
CALCULATED: Final = f"{SDC}calculatedExpression"
ENABLE: Final = f"{SDC}enableWhenExpression"
FHIRPATH: Final = "text/fhirpath"

LOINC: Final = "http://loinc.org"
SNOMED: Final = "http://snomed.info/sct"

DECLARED: Final = f"{OWN}StructureDefinition/declared"
WORDING: Final = f"{OWN}StructureDefinition/wording"
CONDITION: Final = f"{OWN}StructureDefinition/condition"
RESPONSE: Final = f"{OWN}StructureDefinition/response"
RECALL: Final = f"{OWN}StructureDefinition/recall"
RANKING: Final = f"{OWN}StructureDefinition/ranking"
SCALE_TEXT: Final = f"{OWN}StructureDefinition/scale-text"
UNSAID: Final = f"{OWN}StructureDefinition/unsaid"
HASH: Final = f"{OWN}content-hash"
CODES: Final = f"{OWN}CodeSystem/instrument"

ABSENCES: Final = {
    "not-applicable": "not-applicable",
    "prefer-not-to-answer": "asked-declined",
    "do-not-know": "asked-unknown",
}
"""Our codes that are no answers, by the words of HL7's code system data-absent-reason."""


def questionnaire(code: str) -> str:
    """The canonical address of an instrument, without its version."""
    return f"{OWN}Questionnaire/{code}"


def options(code: str, response: str) -> str:
    """The system that the codes of a response scale are of."""
    return f"{OWN}CodeSystem/{code}/{response}"


def part(kind: str, name: str) -> str:
    """The linkId of what is no item of the instrument; items keep their own names, which have no dot."""
    return f"{kind}.{name}"


def variable(quantity: str) -> str:
    """The FHIRPath variable of a quantity: %Vq1, %Sq1 (as scoring takes it where it was skipped), %RT (the raw sum).

    The names of expressions are made of letters and digits alone, so an underscore is written Zu, and Z itself ZZ.
    """
    kind, _, name = quantity.rpartition(".")
    return f"%{(kind or 'v')[0].upper()}{name.replace('Z', 'ZZ').replace('_', 'Zu')}"
