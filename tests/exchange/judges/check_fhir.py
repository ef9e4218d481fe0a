"""Reads FHIR resources, a line each, and prints for each what fhir.resources objects to."""

import json
import sys
import warnings

from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from pydantic import ValidationError

warnings.simplefilter("ignore")
MODELS = {"Questionnaire": Questionnaire, "QuestionnaireResponse": QuestionnaireResponse}

for line in sys.stdin:
    resource = json.loads(line)
    try:
        MODELS[resource["resourceType"]].model_validate(resource)
        said = []
    except ValidationError as bad:
        said = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in bad.errors()[:10]]
    sys.stdout.write(json.dumps(said) + "\n")
