"""What every sender needs and takes long to read: loaded once, in the process that they are forked from."""

from app.config import ROOT
from app.questionnaires.library import load

LIBRARY = load(ROOT / "instruments")
