"""The notes of the demonstration's study, much shorter than real ones. Everything in them is made up."""

from collections.abc import Mapping

from app.consents.versions import Words

FIRST: Mapping[str, Words] = {
    "fr": Words(
        note="""\
Cette note est fictive et bien plus courte qu’une vraie.

Vous répondez à des questionnaires en ligne pendant deux ans. Vos réponses sont analysées sans votre nom, que seul un \
tiers de confiance connaît.

Vous pouvez arrêter à tout moment, sans donner de raison et sans conséquence pour vos soins."""
    ),
    "en": Words(
        note="""\
This note is made up, and much shorter than a real one.

You answer questionnaires online for two years. Your answers are analysed without your name, which only a trusted \
third party knows.

You can stop at any time, without a reason and without consequences for your care."""
    ),
}
SECOND: Mapping[str, Words] = {
    "fr": Words(
        news="""\
- Avec votre accord, vos réponses pourront aussi servir à d’autres recherches publiques sur la qualité de vie, \
toujours sans votre nom.
- Elles sont conservées quinze ans, au lieu de dix.

Rien ne change dans les questionnaires, ni dans vos soins.""",
        note=FIRST["fr"].note
        + """

Avec votre accord, vos réponses servent aussi à d’autres recherches publiques sur la qualité de vie. Elles sont \
conservées quinze ans.""",
    ),
    "en": Words(
        news="""\
- If you agree, your answers can also be used in other public research on quality of life, always without your name.
- They are kept for fifteen years instead of ten.

Nothing changes in the questionnaires or in your care.""",
        note=FIRST["en"].note
        + """

If you agree, your answers are also used in other public research on quality of life. They are kept for fifteen \
years.""",
    ),
}
