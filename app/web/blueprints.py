"""Which page groups serve which audience: the only list of them."""

from collections.abc import Mapping

from flask import Blueprint

from app.web.public import pages as public_pages

BLUEPRINTS: Mapping[str, tuple[Blueprint, ...]] = {
    "public": (public_pages.bp,),
    "patient": (),
    "investigator": (),
    "vault": (),
}
