"""What a professional may do on the whole platform, beside the appointments to single studies."""

from typing import Final

DATA_MANAGER: Final = "data-manager"
"""Looks after what all studies share: wordings and licences of instruments, and new studies."""
ROLES: Final = (DATA_MANAGER,)
