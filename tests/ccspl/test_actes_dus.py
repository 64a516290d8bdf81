"""The first button of the page of an avis is the act that is due."""

import pytest

from ccspl.workflow import Etat
from participation.socle.views.dossier import boutons
from participation.socle.workflow import Role
from tests.ccspl.factories import AvisFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("etat", "attendu"),
    [(Etat.ADOPTE, "transmettre"), (Etat.TRANSMIS, None), (Etat.REPONDU, "rendre_aux_membres")],
)
def test_what_was_sent_is_not_asked_to_be_sent_again(etat, attendu):
    agente = CompteFactory(role=Role.AGENT)
    avis = AvisFactory(adopte=True, etat=etat, agent=agente)

    principal = boutons(avis, agente).principal

    assert (principal.acte if principal else None) == attendu
