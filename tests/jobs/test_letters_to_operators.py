"""Letters to operators over a real mail server: codes made as they leave, changes told once, former addresses too."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.identity import letters, operator_contacts, operator_letters, operators
from app.identity.sign_in_models import OperatorContact, OperatorLetter
from app.jobs import carry_letters
from app.mailed_codes import LIFETIME
from tests.jobs.conftest import PostOffice
from tests.support import mail_server
from tests.support.mail_server import Post
from tests.support.world import AT

OLGA, ELSEWHERE = "olga@work.example", "olga@elsewhere.example"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def office(post_office: PostOffice, post: Post) -> Iterator[PostOffice]:
    """Olga works for the trusted third party, and her address is confirmed; there is a mail server."""
    with post_office.world.vault() as session:
        assert 1 == operators.add(session, "olga", "Olga", "a long password of somebody", AT).id
        operator_contacts.give(session, 1, OLGA, "fr")
        operator_contacts.confirm(session, 1, operator_contacts.make_code(session, 1, AT) or "", AT)
        session.commit()
    with mail_server.running(post) as server:
        config = replace(post_office.world.config, mail=server)
        yield PostOffice(replace(post_office.world, config=config), post_office.library)


def run(office: PostOffice, after: timedelta = timedelta()) -> dict[str, int]:
    return dict(carry_letters.run(office.world.databases, office.world.config, office.library, at=AT + after))


def tell(office: PostOffice, action: str = "operator.password-changed") -> None:
    with office.world.vault() as session:
        operator_letters.tell(session, 1, action, AT)
        session.commit()


def due(office: PostOffice) -> list[object]:
    with office.world.vault() as session:
        return list(session.scalars(select(OperatorLetter.due_at)))


def test_a_change_is_told_once_in_the_language_in_which_the_address_was_given(office: PostOffice, post: Post) -> None:
    """Seen failing with the letter left due after it was delivered."""
    tell(office)
    assert {"delivered": 1} == run(office)
    assert {} == run(office, timedelta(hours=1))
    (mail,) = post.to(OLGA)
    text = mail.get_content()
    assert "Votre façon de vous connecter a changé" == mail["Subject"]
    assert "le mot de passe" in text
    assert f"{office.world.config.vault_url}/vault/operators/account" in text
    assert [None] == due(office)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("action", sorted(operator_letters.TOLD))
def test_every_act_has_words_in_every_language(action: str, language: str) -> None:
    """Seen failing with a word left out."""
    assert operator_letters.WHAT[language][operator_letters.TOLD[action]]


def test_other_acts_and_operators_without_an_address_are_told_nothing(office: PostOffice) -> None:
    """Seen failing with an address that waits for its code taken for one in use."""
    tell(office, "operator.signed-in")
    with office.world.vault() as session:
        operators.add(session, "oscar", "Oscar", "a long password of somebody", AT)
        operator_contacts.give(session, 2, "oscar@work.example", "en")
        operator_letters.tell(session, 2, "operator.password-changed", AT)
        session.commit()
    assert [] == due(office)


def test_a_code_is_made_as_it_leaves_and_is_nowhere_before(office: PostOffice, post: Post) -> None:
    """Seen failing with the code in the letter that waits."""
    with office.world.vault() as session:
        operator_contacts.give(session, 1, ELSEWHERE, "en")
        operator_letters.post(session, 1, operator_letters.CODE, AT)
        session.commit()
        assert session.scalars(select(OperatorContact.code_hash)).one() is None
    assert {"delivered": 1} == run(office)
    (mail,) = post.to(ELSEWHERE)
    found = re.search(r"^([a-z2-7]{4}-[a-z2-7]{4})\s*$", mail.get_content(), re.MULTILINE)
    assert found is not None
    with office.world.vault() as session:
        assert operator_contacts.confirm(session, 1, found[1], AT)
        operator_letters.post(session, 1, operator_letters.ADDRESS_CHANGED, AT)
        session.commit()
    assert {"delivered": 1} == run(office)
    (told,) = post.to(OLGA)
    assert "This address is no longer used" == told["Subject"]
    with office.world.vault() as session:
        assert operator_contacts.of(session, 1).former is None


def test_a_code_that_waited_too_long_does_not_leave(office: PostOffice, post: Post) -> None:
    with office.world.vault() as session:
        operator_contacts.give(session, 1, ELSEWHERE, "en")
        operator_letters.post(session, 1, operator_letters.CODE, AT)
        session.commit()
    assert {"unreachable": 1} == run(office, LIFETIME + timedelta(seconds=1))
    assert [] == post.tried
    assert [None] == due(office)


def test_what_is_not_taken_now_is_tried_again_and_what_is_claimed_is_left(office: PostOffice, post: Post) -> None:
    """Seen failing with a claim that asks nobody."""
    tell(office)
    post.answers[OLGA] = "451 come back later"
    assert {"later": 1} == run(office)
    assert {} == run(office, timedelta(seconds=30))
    post.answers.clear()
    with office.world.vault() as session:
        late = AT + timedelta(minutes=2)
        assert [True, False] == [letters.claim(session, 1, late, OperatorLetter) for _ in range(2)]
        session.scalars(select(OperatorLetter)).one().due_at = AT + timedelta(minutes=5)
        session.commit()
    assert {} == run(office, timedelta(minutes=2))
    assert {"delivered": 1} == run(office, timedelta(minutes=5))


def test_a_letter_whose_address_was_deleted_meanwhile_does_not_leave(office: PostOffice, post: Post) -> None:
    tell(office)
    with office.world.vault() as session:
        operator_contacts.forget_all(session, 1)
        session.commit()
    assert {"unreachable": 1} == run(office)
    assert [] == post.tried
