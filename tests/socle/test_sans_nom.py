"""The copy of an account for which a statement is written holds nothing of the person."""

import pytest

from participation.socle.bd.ensembles import redire
from participation.socle.bd.preparees import PERSONNE
from participation.socle.models import Compte, Dossier
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db
IDENTITE = ("courriel", "nom", "prenom", "telephone", "fonction", "password", "last_login", "is_superuser")


@pytest.mark.parametrize("champ", IDENTITE)
def test_what_is_of_one_person_cannot_be_read_on_the_copy(champ):
    copie = CompteFactory(agent=True, nom="Arnaud").sans_nom()

    with pytest.raises(RuntimeError, match="of one person"):
        getattr(copie, champ)


def test_nor_through_her_appartenances():
    compte = CompteFactory(agent=True)
    (appartenance,) = compte.sans_nom().appartenances_en_vigueur

    assert (appartenance.pk, appartenance.compte_id) == (None, PERSONNE)
    with pytest.raises(Compte.DoesNotExist):
        _ = appartenance.compte


def test_the_copy_has_the_same_rights():
    compte = agent_de_direction(DirectionFactory())
    copie = compte.sans_nom()

    assert copie.pk == PERSONNE
    assert copie.droits == compte.droits
    assert copie.roles == compte.roles
    assert {a.direction for a in copie.appartenances_en_vigueur} == {
        a.direction for a in compte.appartenances_en_vigueur
    }


def test_a_statement_filtered_by_the_name_of_who_asks_is_refused_when_it_is_written():
    compte = CompteFactory(agent=True, nom="Arnaud")

    with pytest.raises(RuntimeError, match="of one person"):
        redire(
            f"essai.{compte.droits}",
            compte.pk,
            lambda: Dossier.objects.filter(titre=compte.sans_nom().nom).values_list("pk"),
        )
