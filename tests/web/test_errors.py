"""Every refusal has a sentence and a status, and no sentence is left over."""

import re

from app.web.errors import REFUSALS
from tests.architecture.arrows import APP

CALL = re.compile(r"Refusal\(([^)]*)\)")
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+|closed)"')


def test_every_refusal_of_the_program_has_its_sentence():
    """A code that is missing here would end as a fault of ours. Seen failing with a new code in a service."""
    calls = [call for file in APP.rglob("*.py") for call in CALL.findall(file.read_text(encoding="utf-8"))]
    raised = {code for call in calls for code in CODE.findall(call)}
    assert raised == set(REFUSALS)


def test_every_refusal_is_a_4xx():
    assert [] == [code for code, (status, _sentence) in REFUSALS.items() if not 400 <= status < 500]
