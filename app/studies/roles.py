"""What an appointment lets somebody do in one study; one table, asked by name."""

from typing import Final

INVESTIGATOR: Final = "investigator"
SITE_STAFF: Final = "site-staff"
DATA_MANAGER: Final = "data-manager"
ROLES: Final = (INVESTIGATOR, SITE_STAFF, DATA_MANAGER)

_DESIGNS: Final = frozenset({INVESTIGATOR, DATA_MANAGER})
_ENROLS: Final = frozenset({INVESTIGATOR, SITE_STAFF})


def may_design(role: str, site_ids: tuple[int, ...] | None) -> bool:
    """Whether somebody may change the study itself: it concerns every site, so only who answers for all of them."""
    return role in _DESIGNS and site_ids is None


def may_enrol(role: str) -> bool:
    """Whether somebody may enrol people, date their events and record why visits are missing, at the sites they see."""
    return role in _ENROLS
