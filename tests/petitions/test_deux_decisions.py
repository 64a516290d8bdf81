"""Two acts in the same second: one effect, one letter per person, one clear refusal, no deadlock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from psycopg2.errors import DeadlockDetected

from participation.socle.actions.avancer import exiger
from participation.socle.models import Courriel, Dossier, Echeance
from participation.socle.workflow import Role
from petitions.collecte import campagne
from petitions.models import ExamenCritere, Petition, TacheCampagne
from petitions.recevabilite import decisions as decisions_recevabilite
from petitions.workflow import Etat
from tests.greffons.services import PATIENCE
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_decisions_taken_at_once_one_is_made():
    une, autre = CompteFactory.create_batch(2, role=Role.AGENT)
    petition = PetitionFactory(deposee=True)
    for critere in petition.reglement.criteres.all():
        ExamenCritere.objects.create(petition=petition, critere=critere, appreciation="rempli", par=une)
    lues = [Petition.objects.get(pk=petition.pk) for _ in range(2)]

    issues = ensemble(
        lambda: decisions_recevabilite.declarer_recevable(lues[0], par=une, raison_sans_comite="Urgence."),
        lambda: decisions_recevabilite.transmettre(
            lues[1], par=autre, autorite_competente="Le Département", raison_sans_comite="Urgence."
        ),
    )

    petition.refresh_from_db()
    assert issues == ["ActeInterdit", "fait"]
    assert petition.etat in {Etat.RECEVABLE, Etat.TRANSMISE}
    decisions = petition.journal.filter(acte__in=["declarer_recevable", "transmettre"])
    assert [entree.etat_apres for entree in decisions] == [petition.etat]
    assert Courriel.objects.filter(destinataires=[petition.auteur.courriel]).count() == 1


@pytest.mark.parametrize("autre", ["joint une pièce", "écrit une lettre"])
def test_who_closes_and_who_writes_beside_do_not_lock_each_other_up(autre):
    """The other transaction holds what closing locks last, then asks for what closing locks first."""
    agent = CompteFactory(role=Role.AGENT)
    petition = PetitionFactory(en_collecte=True)
    echeance = Echeance.objects.create(
        dossier=petition.dossier_ptr,
        cle="fin_collecte",
        libelle="Clore",
        date_limite=petition.date_fin_collecte,
    )
    tenu, ferme = Event(), Event()

    def agir():
        try:
            with transaction.atomic():
                if autre == "joint une pièce":
                    Dossier.objects.select_for_update(no_key=True).get(pk=petition.pk)
                else:
                    Echeance.objects.select_for_update().get(pk=echeance.pk)
                tenu.set()
                ferme.wait(0.5)
                if autre == "joint une pièce":
                    exiger(Petition.objects.get(pk=petition.pk), "suspendre", par=agent)
                else:
                    Courriel.objects.create(
                        dossier_id=petition.pk, destinataires=["a@exemple.fr"], sujet="Rappel", corps=""
                    )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as fils:
        second = fils.submit(agir)
        assert tenu.wait(PATIENCE)
        with transaction.atomic():
            pas = exiger(Petition.objects.get(pk=petition.pk), "clore_collecte", par=agent)
            petition.echeances.filter(cle="fin_collecte").update(libelle="Close")
            pas.avancer(vers=Etat.COLLECTE_CLOSE)
        ferme.set()
        second.result()
    petition.refresh_from_db()
    assert petition.etat == Etat.COLLECTE_CLOSE


def test_two_who_lock_each_other_up_all_the_same_get_a_page(client, monkeypatch):
    def bloque(*args, **options):
        raise OperationalError("deadlock detected") from DeadlockDetected()

    client.force_login(CompteFactory(agent=True))
    petition = PetitionFactory(en_collecte=True)
    monkeypatch.setattr("participation.socle.views.pages.agir", bloque)
    reponse = client.post(
        reverse("petitions:clore_collecte", args=[petition.pk]), {"motif": "Un motif assez long."}
    )
    assert reponse.status_code == 409
    assert "Rien n’a été enregistré" in reponse.content.decode()


@pytest.mark.parametrize("acte", ["faire_tache", "rouvrir_tache", "supprimer_tache"])
def test_a_task_taken_away_meanwhile_is_said_so(client, monkeypatch, acte):
    client.force_login(CompteFactory(agent=True))
    tache = TacheCampagne.objects.create(
        petition=PetitionFactory(en_collecte=True), intitule="Affiches", date_limite="2031-01-01"
    )
    if acte == "rouvrir_tache":
        campagne.faire_tache(tache, par=CompteFactory(agent=True))
    pages = "participation.socle.views.pages"
    vrai = __import__(pages, fromlist=["agir"]).agir

    def retiree_avant(page, objet, form, par):
        TacheCampagne.objects.filter(pk=objet.pk).delete()
        return vrai(page, objet, form, par)

    monkeypatch.setattr(f"{pages}.agir", retiree_avant)
    reponse = client.post(reverse(f"petitions:{acte}", args=[tache.pk]))
    assert reponse.status_code == 409
    assert "n’existe plus" in reponse.content.decode()
