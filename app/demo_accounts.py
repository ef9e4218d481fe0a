"""The sign-ins of the demonstration: shown on its sign-in pages, made by its generator, absent from production."""

DEMO_PATIENT_EMAIL = "alice@example.org"
DEMO_PATIENT_PASSWORD = "demo-alice-2026"  # noqa: S105 - printed on the demonstration's own page
DEMO_CITIZEN_EMAIL = "celia@example.org"
DEMO_CITIZEN_PASSWORD = "demo-celia-2026"  # noqa: S105 - printed where the demonstration is started
DEMO_STAFF_LOGIN = "bob"
DEMO_STAFF_PASSWORD = "demo-bob-2026"  # noqa: S105 - printed on the demonstration's own page
DEMO_OPERATORS = (("olga", "demo-olga-2026"), ("oscar", "demo-oscar-2026"))
DEMO_MANAGER_LOGIN = "dana"
DEMO_MANAGER_PASSWORD = "demo-dana-2026"  # noqa: S105 - printed on the demonstration's own page
