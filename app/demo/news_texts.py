"""What the demonstration's team wrote to its participants. Every study, team and address in it is made up."""

from collections.abc import Mapping

from app.announcements.posts import Words

Texts = Mapping[str, Words]

SURVEY: Texts = {
    "fr": Words(
        title="Une enquête sur le retour au travail",
        body="""\
Reprendre une activité après une maladie soulève des questions pratiques, parfois délicates. L’Institut Aurore \
(fictif) prépare une enquête pour mieux comprendre ce qui aide vraiment.

Que vous ayez repris le travail, que vous y pensiez ou que ce ne soit plus votre sujet, votre expérience compte.""",
        who="""\
- Avoir plus de 18 ans
- Avoir travaillé, même à temps partiel, avant le début des traitements""",
        involves="""\
- Un seul questionnaire en ligne, sans déplacement
- Aucune question sur vos résultats d’examens
- Vos réponses sont analysées sans votre nom""",
        duration="Quinze minutes, une seule fois.",
        contact="Enquête « Reprendre » (fictive) : reprendre@example.org",
    ),
    "en": Words(
        title="A survey about going back to work",
        body="""\
Going back to work after an illness raises practical and sometimes delicate questions. The Aurore Institute \
(fictitious) is preparing a survey to understand better what really helps.

Whether you have gone back to work, are thinking about it, or it no longer concerns you: your experience counts.""",
        who="""\
- To be over 18
- To have worked, even part-time, before the treatments began""",
        involves="""\
- One questionnaire online, nowhere to go
- No question about the results of your examinations
- Your answers are analysed without your name""",
        duration="Fifteen minutes, once.",
        contact="“Going back” survey (fictitious): reprendre@example.org",
    ),
}

TRIAL: Texts = {
    "fr": Words(
        title="Un essai : l’activité physique adaptée contre la fatigue",
        body="""\
Beaucoup d’entre vous nous disent que la fatigue dure plus longtemps que prévu. Une équipe lance un essai clinique \
pour savoir si douze semaines d’activité physique adaptée peuvent la diminuer.

Cet essai est fictif : il montre comment une annonce se présente.""",
        who="""\
- Avoir terminé les traitements depuis trois mois au moins
- Se sentir encore souvent fatigué
- Pouvoir marcher dix minutes sans aide""",
        involves="""\
- Deux séances par semaine pendant douze semaines, près de chez vous ou en visioconférence
- Un tirage au sort décide si vous commencez tout de suite ou trois mois plus tard
- Trois questionnaires et deux visites à l’hôpital
- Vous pouvez arrêter quand vous voulez, sans dire pourquoi""",
        duration="Six mois en tout, dont douze semaines de séances.",
        contact="Équipe ÉLAN (fictive) : elan@example.org, 01 99 00 56 78",
    ),
    "en": Words(
        title="A trial: adapted physical activity against fatigue",
        body="""\
Many of you tell us that fatigue lasts longer than expected. A team is starting a clinical trial to find out whether \
twelve weeks of adapted physical activity can reduce it.

This trial is fictitious: it shows what an announcement looks like.""",
        who="""\
- To have finished treatment at least three months ago
- To still feel tired often
- To be able to walk for ten minutes without help""",
        involves="""\
- Two sessions a week for twelve weeks, near your home or by video
- A draw decides whether you begin at once or three months later
- Three questionnaires and two visits to the hospital
- You can stop whenever you want, without saying why""",
        duration="Six months in all, of which twelve weeks with sessions.",
        contact="ÉLAN team (fictitious): elan@example.org, 01 99 00 56 78",
    ),
}

SUMMARY: Texts = {
    "fr": Words(
        title="Ce que vos réponses nous apprennent sur l’énergie",
        body="""\
Merci. Depuis deux ans, vous répondez à nos questionnaires, même les jours où cela demande un effort. Voici un premier \
résultat, tiré de vos réponses à tous.

- En moyenne, c’est à trois mois que l’énergie est au plus bas.
- Ensuite elle revient peu à peu, sur plusieurs mois. Ce n’est ni un manque de volonté ni un mauvais signe : c’est le \
chemin le plus fréquent.
- Chacun a son rythme. Votre propre courbe peut être différente, et cela ne dit rien de la suite.

Si la fatigue vous pèse, parlez-en à l’équipe qui vous suit : il existe des moyens d’aider.""",
    ),
    "en": Words(
        title="What your answers tell us about energy",
        body="""\
Thank you. For two years you have been answering our questionnaires, even on days when it takes an effort. Here is a \
first result, drawn from the answers of all of you.

- On average, energy is at its lowest after three months.
- Then it comes back little by little, over several months. This is neither a lack of will nor a bad sign: it is the \
most common path.
- Everybody has their own pace. Your own course may look different, and that says nothing about what comes next.

If tiredness weighs on you, talk to the team that follows you: there are ways to help.""",
    ),
}

DRAFT: Texts = {
    "fr": Words(
        title="Mieux dormir : ce que nous avons vu",
        body="""\
(brouillon) Rappeler d’abord combien de personnes ont répondu.

Le sommeil met plus de temps que l’énergie à se rétablir. À relire avec l’équipe avant publication.""",
    ),
    "en": Words(title="Sleeping better: what we saw", body=""),
}
