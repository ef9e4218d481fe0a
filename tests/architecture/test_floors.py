"""The four floors: which part of the program may import which. The table is the design; the source must equal it."""

import ast
import re
import subprocess
import sys

import pytest

from tests.architecture.arrows import APP, arrows, modules, outside, part_of

KERNEL: dict[str, set[str]] = {
    "app": set(),
    "attached": {"errors"},
    "carriers": set(),
    "chain": {"db"},
    "code_marks": set(),
    "config": {"carriers", "secret_files", "signing_keys", "vault_keys"},
    "db": {"config", "vault_keys"},
    "demo_accounts": set(),
    "errors": set(),
    "i18n": set(),
    "mailed_codes": set(),
    "once": set(),
    "passkeys": {"db", "errors"},
    "passwords": set(),
    "plain_text": set(),
    "second_factor": {"db"},
    "secret_files": set(),
    "signing_keys": set(),
    "vault_keys": set(),
}
CORE = {
    "charts": set(),
    "exchange": {"questionnaires", "scheduling", "scoring"},
    "paper": set(),
    "questionnaires": {"errors"},
    "scheduling": set(),
    "scoring": {"questionnaires"},
}
# A feature reads another one only where a foreign key leads to it.
FEATURES = {
    "accounts": {"db", "errors", "i18n", "mailed_codes", "once", "passkeys", "passwords", "second_factor"},
    "announcements": {"accounts", "db", "errors", "once", "participants", "plain_text", "questionnaires", "scoring"}
    | {"studies"},
    "consents": {"attached", "db", "errors", "once", "participants", "plain_text", "studies"},
    "licences": {"accounts", "attached", "db", "errors", "once", "questionnaires"},
    "audit": {"chain", "db"},
    "identity": {"carriers", "chain", "db", "errors", "i18n", "mailed_codes", "once", "passkeys", "passwords"}
    | {"second_factor", "vault_keys"},
    "notices": {"accounts", "db", "errors", "i18n", "once", "participants", "scheduling"},
    "participants": {"db", "errors", "once", "scheduling", "studies"},
    "responses": {"db", "errors", "once", "participants", "questionnaires", "scheduling", "scoring", "studies"},
    "rights": {"db", "errors", "participants", "scheduling"},
    "studies": {"db", "errors", "once", "scheduling"},
    "warehouse": set(),
    "wordings": {"errors", "questionnaires"},
}
PAGES = {"accounts", "audit", "errors", "i18n", "participants", "scheduling", "studies", "web"}
EDGES = {
    "web": {
        "accounts",
        "announcements",
        "charts",
        "config",
        "consents",
        "plain_text",
        "db",
        "errors",
        "i18n",
        "questionnaires",
        "responses",
    }
    | {"licences", "notices", "passkeys", "rights", "wordings"},
    "web.public": PAGES | {"notices"},
    "web.filling": {"errors", "licences", "participants", "questionnaires", "responses", "studies", "web"},
    "web.patient": PAGES
    | {"announcements", "attached", "charts", "consents", "exchange", "notices", "questionnaires", "responses"}
    | {"rights", "scoring", "web.filling"},
    "web.investigator": PAGES
    | {
        "announcements",
        "attached",
        "charts",
        "code_marks",
        "consents",
        "plain_text",
        "demo_accounts",
        "exchange",
        "licences",
        "notices",
        "questionnaires",
    }
    | {"passkeys", "responses", "rights", "scoring", "second_factor", "web.filling"},
    "web.admin": {
        "accounts",
        "announcements",
        "attached",
        "audit",
        "errors",
        "licences",
        "notices",
        "questionnaires",
        "studies",
        "web",
        "wordings",
    },
    "web.preview": {"errors", "i18n", "paper", "questionnaires", "responses", "scoring", "web"},
    "web.vault": {"code_marks", "demo_accounts", "errors", "exchange", "i18n", "identity", "passkeys"}
    | {"passwords", "second_factor", "web"},
    "blueprints": {"web.admin", "web.investigator", "web.patient", "web.preview", "web.public", "web.vault"},
    "factory": {"blueprints", "config", "db", "questionnaires", "web", "web.preview", "web.vault", "wordings"},
    "server": set(),
    "jobs": {
        "accounts",
        "announcements",
        "config",
        "consents",
        "db",
        "i18n",
        "identity",
        "licences",
        "notices",
        "once",
        "participants",
    }
    | {"audit", "mailed_codes", "questionnaires", "scheduling", "studies"},
    "demo": {"config", "db", "demo_accounts", "jobs"}
    | (set(CORE) - {"charts", "exchange", "paper", "scoring"})
    | (set(FEATURES) - {"notices", "warehouse", "wordings"}),
    "backup": {"chain", "config", "db", "identity"},
    "cli": {
        "accounts",
        "audit",
        "backup",
        "chain",
        "config",
        "db",
        "demo",
        "demo_accounts",
        "errors",
        "exchange",
        "factory",
        "i18n",
        "identity",
        "jobs",
        "notices",
        "paper",
        "questionnaires",
        "scheduling",
        "scoring",
        "studies",
        "signing_keys",
        "vault_keys",
        "web",
        "wordings",
        "web.preview",
    },
}
LIBRARIES_OF_THE_CORE = {
    "exchange": {"yaml"},
    "questionnaires": {"pydantic", "pydantic_core", "yaml"},
    "scoring": {"numpy"},
    "scheduling": {"pydantic", "pydantic_core"},
    "charts": set(),
    "paper": {"typst"},
}


@pytest.mark.parametrize("part", sorted(arrows()))
def test_a_part_imports_exactly_what_the_design_says(part: str):
    """Seen failing when a service imported the web's request, inside a function."""
    assert (KERNEL | CORE | FEATURES | EDGES)[part] == arrows()[part]


@pytest.mark.parametrize("part", sorted(LIBRARIES_OF_THE_CORE))
def test_the_core_uses_no_framework(part: str):
    assert LIBRARIES_OF_THE_CORE[part] == outside(part) - set(sys.stdlib_module_names)


def test_a_fresh_interpreter_loads_no_framework_with_the_core():
    """Seen failing when app/__init__.py imported the factory."""
    code = (
        "import sys, app.scoring.score, app.questionnaires.library, app.scheduling.timeline, app.charts.line,"
        "app.exchange.fhir.read, app.exchange.redcap.read;"
        "print([name for name in ('flask', 'sqlalchemy', 'werkzeug', 'jinja2', 'babel') if name in sys.modules])"
    )
    assert (
        "[]" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )


def test_nobody_imports_the_edges_from_below():
    edges, below = set(EDGES), set(KERNEL | CORE | FEATURES)
    assert {} == {part: targets & edges for part, targets in arrows().items() if part in below and targets & edges}


def test_only_the_vaults_pages_and_the_couriers_edges_reach_identity():
    assert {"backup", "cli", "web.vault", "jobs", "demo"} == {
        part for part, targets in arrows().items() if "identity" in targets
    }


def test_no_audience_imports_another():
    """What several of them show, the filling in of a questionnaire, is no audience and knows none."""
    audiences = {part for part in arrows() if part.startswith("web.")} - {"web.filling"}
    assert {} == {
        part: arrows()[part] & (audiences - {part}) for part in audiences if arrows()[part] & (audiences - {part})
    }


def test_only_the_edges_commit():
    """Services take a session and never commit. Seen failing when enrol() committed."""
    committing = {part_of(name) for name, file in modules() if re.search(r"\.commit\(", file.read_text())}
    assert not committing & set(KERNEL | CORE | FEATURES)


def test_only_the_edges_read_the_clock():
    """Time is an argument. Seen failing when a service asked for datetime.now."""
    clock = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    reading = {part_of(name) for name, file in modules() if clock.search(file.read_text())}
    assert not reading & set(KERNEL | CORE | FEATURES)


def test_packages_have_no_facade():
    """An __init__ that imports turns one arrow into forty."""
    assert [] == [str(file) for file in APP.rglob("__init__.py") if file.read_text().strip()]


def test_imports_are_absolute():
    relative = [
        name
        for name, file in modules()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert [] == relative


def test_no_module_outgrows_its_reader():
    assert [] == [name for name, file in modules() if len(file.read_text().splitlines()) > 300]
