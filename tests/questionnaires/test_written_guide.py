"""The guide for people who write instruments says what the loader takes."""

import re

import pytest
from pydantic import TypeAdapter

from app.config import ROOT
from app.questionnaires.definition import Instrument
from app.questionnaires.scales import AnyScale
from app.questionnaires.yaml_source import read

GUIDE = (ROOT / "docs" / "instruments.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SCALE: TypeAdapter[AnyScale] = TypeAdapter(AnyScale)


def block(words: str) -> str:
    (found,) = [text for text in BLOCKS if words in text]
    return found


def test_the_example_of_a_definition_has_the_shape_of_one() -> None:
    Instrument.model_validate(read(block("respondent:"), "guide").root.plain())


@pytest.mark.parametrize("name", sorted(read(block("W5:"), "guide").root.children))
def test_the_example_of_a_method_has_the_shape_of_a_scale(name: str | int) -> None:
    SCALE.validate_python(read(block("W5:"), "guide").root.child(name).plain())


def test_the_guide_shows_every_method() -> None:
    shown = set(re.findall(r'method: "([a-z-]+)"', GUIDE))
    known = {word for variant in SCALE.json_schema()["discriminator"]["mapping"] for word in [variant]}
    assert known == shown | {"lowest"}


def test_the_scale_with_everything_has_the_shape_of_one() -> None:
    scales = read(block("important_changes:"), "guide").root.child("scales")
    SCALE.validate_python(scales.child("PF").plain())
