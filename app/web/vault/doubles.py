"""How somebody who may be known already is named: by what both entries share, and by nothing else."""

from app.identity.duplicates import Candidate
from app.identity.likeness import MAILBOX, NAME, NAME_AND_BIRTH, PART_AND_BIRTH, PHONE
from app.identity.models import Person
from app.web.filters import day
from app.web.locale import lazy
from app.web.request import current

SAME = {
    NAME_AND_BIRTH: lazy("Yes: the person with the same name and the same date of birth, entered on %(day)s"),
    MAILBOX: lazy("Yes: the person with the same e-mail address, entered on %(day)s"),
    PART_AND_BIRTH: lazy("Yes: the person with a part of this name and the same date of birth, entered on %(day)s"),
    PHONE: lazy("Yes: the person with the same telephone number, entered on %(day)s"),
    NAME: lazy("Yes: the person with the same name, entered on %(day)s"),
}
"""How somebody who may be the same is named, by what both entries share, the strongest first; nothing more is shown."""


def known_as(one: Candidate) -> str:
    """Somebody who may be the same, in words that tell only what both entries share."""
    strongest = next(words for kind, words in SAME.items() if kind in one.shared)
    return str(strongest) % {"day": day(current.vault.get_one(Person, one.person_id).created_at)}
