"""The evaluation of a démarche: one grid before and after, by several people, gaps shown."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.cadres import evaluations
from participation.cadres.evaluations import resultats
from participation.cadres.models import Critere, Evaluateur
from participation.cadres.oubli import oublier
from participation.cadres.workflow import Moment
from participation.socle.actions.oubli import Personne
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from tests.cadres.factories import CadreFactory
from tests.outils import jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


def inviter(cadre, agent, moment, nom):
    return evaluations.inviter_evaluateur(
        cadre, par=agent, moment=moment, nom=nom, courriel=f"{nom}@example.org"
    )


def test_who_evaluates_answers_by_her_link_and_changes_her_mind(client, agent):
    cadre = CadreFactory(annonce=True)
    evaluateur = inviter(cadre, agent, Moment.AVANT, "sami")
    adresse = re.search(
        r"/demarches/evaluer/\S+", Courriel.objects.get(acte="cadres/inviter_evaluateur").corps
    )[0]
    premier, second = Critere.objects.all()[:2]

    client.post(adresse, {f"note_{premier.pk}": "1", f"note_{second.pk}": "4", "remarque": "À voir."})
    client.post(adresse, {f"note_{premier.pk}": "3", f"note_{second.pk}": ""})

    assert [(n.critere, n.note) for n in evaluateur.notes.all()] == [(premier, 3)]
    assert [
        client.post(adresse, dit).status_code for dit in ({f"note_{premier.pk}": "9"}, {"remarque": ""})
    ] == [422, 422]
    with pytest.raises(ValidationError):
        inviter(cadre, agent, Moment.AVANT, "SAMI")


def test_what_was_thought_before_closes_when_the_demarche_begins(client, agent):
    cadre = CadreFactory(annonce=True)
    evaluateur = inviter(cadre, agent, Moment.AVANT, "sami")
    apres = inviter(cadre, agent, Moment.APRES, "sami")
    critere = Critere.objects.first()
    evaluations.evaluer(evaluateur, par=None, notes={critere.pk: 1})
    type(cadre).objects.filter(pk=cadre.pk).update(date_debut=jour(-1))
    adresse = reverse("cadres:evaluer_par_lien", args=[evaluateur.jeton()])

    assert "ce qui était pensé avant ne change plus" in client.get(adresse).content.decode()
    perdue = client.post(
        adresse, {f"note_{critere.pk}": "4", "remarque": "Écrite trop tard, hélas."}
    ).content.decode()
    assert "Écrite trop tard, hélas." in perdue
    evaluateur, apres = (Evaluateur.objects.get(pk=e.pk) for e in (evaluateur, apres))
    for change in (
        lambda: evaluations.evaluer(evaluateur, par=agent, notes={critere.pk: 4}),
        lambda: evaluations.retirer_evaluateur(evaluateur, par=agent),
        lambda: inviter(evaluateur.cadre, agent, Moment.AVANT, "odile"),
    ):
        with pytest.raises((ErreurMetier, ValidationError)):
            change()
    evaluations.evaluer(apres, par=agent, notes={critere.pk: 3})

    assert [n.note for n in evaluateur.notes.all()] == [1]


def test_before_and_after_are_compared_and_a_criterion_that_divides_is_said(client, agent):
    cadre = CadreFactory(annonce=True)
    premier, second = Critere.objects.all()[:2]
    for nom, avant, apres in (("a", 1, 2), ("b", 2, 4)):
        evaluations.evaluer(inviter(cadre, agent, Moment.AVANT, nom), par=None, notes={premier.pk: avant})
        evaluations.evaluer(
            inviter(cadre, agent, Moment.APRES, nom), par=None, notes={premier.pk: apres, second.pk: 3}
        )

    partage, seul = resultats(cadre)

    assert (partage.avant.moyenne, partage.apres.moyenne, partage.ecart) == (1.5, 3, 1.5)
    assert (partage.est_partage, seul.est_partage, seul.ecart) == (True, False, None)
    assert premier.libelle not in client.get(cadre.get_public_url()).content.decode()  # until it ends
    type(cadre).objects.filter(pk=cadre.pk).update(etat="verifie", bilan="Fait.")
    page = client.get(cadre.get_public_url()).content.decode()
    assert "très partagés" in page
    assert "sami" not in page


def test_what_a_person_noted_stays_without_her(agent):
    cadre = CadreFactory(annonce=True)
    evaluateur = inviter(cadre, agent, Moment.APRES, "odile")
    evaluations.evaluer(evaluateur, par=None, notes={Critere.objects.first().pk: 2}, remarque="C’est Odile.")

    oublier(Personne("odile@example.org"))

    evaluateur.refresh_from_db()
    assert (evaluateur.nom, evaluateur.courriel, evaluateur.remarque) == ("", "", "")
    assert evaluateur.notes.count() == 1
