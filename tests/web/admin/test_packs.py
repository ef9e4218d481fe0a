"""Fidelity packs: asked for by data managers, told about while they are made, and taken away as files."""

from typing import Any

from app.licences import packs
from app.licences.models import FidelityPack
from tests.support.browser_form import page_text
from tests.support.forms import send
from tests.support.world import AT, World

PAGE = "/manage/packs/weshare-core@1.0"


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def finish(world: World, problem: str | None = None) -> FidelityPack:
    with world.study() as session:
        pack = packs.claim(session, AT)
        assert pack is not None
        if problem:
            packs.give_up(pack, problem, AT)
        else:
            packs.keep(pack, b"%PDF-1.7", AT)
        session.commit()
        session.refresh(pack)
        return pack


def test_a_pack_is_asked_for_made_in_the_background_and_taken_away(world: World, dana: Any) -> None:
    assert "No pack yet" in text_of(dana.get(PAGE))
    asked = send(dana, PAGE)
    assert (303, PAGE) == (asked.status_code, asked.location)
    assert "Waiting" in text_of(dana.get(PAGE))
    assert 404 == dana.get(f"{PAGE}/1.pdf").status_code
    pack = finish(world)
    page = text_of(dana.get(PAGE))
    assert pack.content_hash
    assert pack.content_hash in page
    assert "Make a pack" not in page  # there is one of these very wordings
    file = dana.get(f"{PAGE}/1.pdf")
    assert (b"%PDF-1.7", "application/pdf") == (file.data, file.content_type)
    assert f"fidelity-weshare-core-1.0-{pack.content_hash[:12]}.pdf" in file.headers["Content-Disposition"]


def test_where_it_cannot_be_made_the_page_says_why(world: World, dana: Any) -> None:
    send(dana, PAGE)
    finish(world, "no-browser")
    assert "Chromium is not installed." in text_of(dana.get(PAGE))
    assert 303 == send(dana, PAGE).status_code


def test_the_pages_of_an_instrument_and_of_a_wording_lead_to_it(dana: Any, signed_in: Any) -> None:
    for page in ("/instruments/weshare-core@1.0", "/manage/wordings/weshare-core@1.0/fr/1"):
        assert f'href="{PAGE}"' in dana.get(page).text
    assert PAGE not in signed_in("bob").get("/instruments/weshare-core@1.0").text


def test_a_pack_of_another_instrument_is_none_of_this_one(world: World, dana: Any) -> None:
    send(dana, PAGE)
    finish(world)
    assert [404, 404] == [dana.get(f"/manage/packs/{one}").status_code for one in ("nothing@1.0", "audit-c@1.0/1.pdf")]
