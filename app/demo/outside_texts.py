"""What the demonstration's teams wrote for people who take part in nothing yet. Everything in it is made up."""

from app.announcements.posts import Words
from app.demo.news_texts import Texts

NEXT_STUDY: Texts = {
    "fr": Words(
        title="Une étude sur la vie après les traitements",
        body="""\
L’étude LENDEMAIN (fictive) cherche à comprendre comment la vie reprend son cours quand les traitements sont \
finis\u202f: la fatigue, le travail, les proches, ce qui aide et ce qui manque.

Elle commence cet automne. Cette annonce montre comment des personnes qui ont un compte entendent parler \
d’une étude.""",
        who="""\
- Avoir plus de 18 ans
- Avoir terminé ses traitements depuis moins d’un mois, ou les terminer bientôt""",
        involves="""\
- Deux questionnaires en ligne, à six mois d’écart, sans déplacement
- Certaines questions peuvent toucher à des moments difficiles\u202f: vous pouvez ne pas y répondre
- Vous pouvez arrêter quand vous voulez, sans dire pourquoi""",
        duration="Une demi-heure en tout, sur six mois.",
        contact="Équipe LENDEMAIN (fictive)\u202f: lendemain@example.org, 01 99 00 12 34",
    ),
    "en": Words(
        title="A study about life after treatment",
        body="""\
The LENDEMAIN study (fictitious) wants to understand how life goes on when treatment is over: tiredness, work, the \
people around, what helps and what is missing.

It begins this autumn. This announcement shows how people with an account hear of a study.""",
        who="""\
- To be over 18
- To have finished treatment less than a month ago, or to finish it soon""",
        involves="""\
- Two questionnaires online, six months apart, nowhere to go
- Some questions may touch on hard times: you may leave them out
- You can stop whenever you want, without saying why""",
        duration="Half an hour in all, over six months.",
        contact="LENDEMAIN team (fictitious): lendemain@example.org, 01 99 00 12 34",
    ),
}

MORE_PEOPLE: Texts = {
    "fr": Words(
        title="HORIZON accueille encore des personnes",
        body="""\
L’étude HORIZON (fictive) suit depuis deux ans la qualité de vie de personnes soignées dans trois centres. Il reste de \
la place pour celles qui commencent un traitement cette année.""",
        who="- Avoir plus de 18 ans\n- Commencer un traitement dans l’un des trois centres",
        involves="- Un questionnaire en ligne à six moments, sur deux ans\n- Vous pouvez arrêter quand vous voulez",
        duration="Dix minutes à chaque fois.",
        contact="Équipe HORIZON (fictive)\u202f: horizon@example.org",
    ),
    "en": Words(
        title="HORIZON still welcomes people",
        body="""\
For two years the HORIZON study (fictitious) has followed the quality of life of people treated at three centres. \
There is room for some who begin a treatment this year.""",
        who="- To be over 18\n- To begin a treatment at one of the three centres",
        involves="- A questionnaire online, six times over two years\n- You can stop whenever you want",
        duration="Ten minutes each time.",
        contact="HORIZON team (fictitious): horizon@example.org",
    ),
}
