"""External management control: contracts, audits and deadlines of a service, their saisine and séance."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ccspl import controle
from ccspl.models import INSTANCE, Controle
from participation.seances.models import EntreeInstance
from participation.socle.erreurs import ActeInterdit
from tests.ccspl.factories import AvisFactory, ServiceSuiviFactory
from tests.greffons.guichet import Guichet
from tests.seances.factories import SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_what_is_followed_is_on_its_page_with_its_service_its_saisine_and_its_seance(client):
    agent = CompteFactory(agent=True)
    avis = AvisFactory(titre="Avis sur le chauffage")
    assert avis.mandature.instance.cle == INSTANCE
    seance = SeanceFactory(mandature=avis.mandature, titre="Plénière du chauffage")
    SeanceFactory(mandature=avis.mandature, titre="Plénière annulée", etat="annulee")
    service = ServiceSuiviFactory(nom="Chauffage urbain")
    hier = timezone.localdate() - timedelta(days=1)
    client.force_login(agent)
    page = client.get(reverse("ccspl:ajouter_controle")).content.decode()
    assert "Plénière du chauffage" in page
    assert "Plénière annulée" not in page, "Une séance annulée n’a rien examiné."
    client.post(
        reverse("ccspl:ajouter_controle"),
        {
            "nature": "contrat", "service": service.pk, "intitule": "Délégation du réseau", "par_qui": "Chaleur SA",
            "date_echeance": hier, "avis": avis.pk, "seance": seance.pk,
        },
    )  # fmt: skip
    element = Controle.objects.get()
    for lecteur in (agent, CompteFactory(elu=True)):
        client.force_login(lecteur)
        page = client.get(reverse("ccspl:controle")).content.decode()
        for dit in (
            "Chauffage urbain",
            "Délégation du réseau",
            "Chaleur SA",
            "Avis sur le chauffage",
            "Plénière du chauffage",
            "Échéance passée",
        ):
            assert dit in page, dit
    client.force_login(agent)
    assert "Délégation du réseau" in client.get(reverse("ccspl:dossier", args=[avis.pk])).content.decode()

    controle.finir_controle(element, par=agent, le=hier)
    assert "Échéance passée" not in client.get(reverse("ccspl:controle")).content.decode()
    with pytest.raises(ActeInterdit, match="déjà terminé"):
        controle.finir_controle(element, par=agent, le=hier)
    assert EntreeInstance.objects.filter(acte__endswith="_controle", instance__cle=INSTANCE).count() == 2


def test_a_deadline_that_has_passed_is_in_the_day_of_the_agents_until_it_is_met(client):
    service = ServiceSuiviFactory(nom="Marché de gros")
    AvisFactory()  # the commission sits
    ce_jour = timezone.localdate()
    passee = Controle.objects.create(
        service=service, intitule="Rapport du délégataire", date_echeance=ce_jour - timedelta(days=10)
    )
    Controle.objects.create(
        service=service, intitule="Fin du contrat", date_echeance=ce_jour + timedelta(days=10)
    )
    agent = CompteFactory(agent=True)
    client.force_login(agent)

    def journee():
        return (
            client.get(reverse("socle:journee")).content.decode().replace("&nbsp;", " ").replace("\xa0", " ")
        )

    page = journee()
    assert "Noter comme terminé, ou reporter : Rapport du délégataire" in page
    assert passee.get_absolute_url() in page
    assert "10 jours" in page
    assert "Fin du contrat" not in page
    controle.finir_controle(passee, par=agent, le=ce_jour)
    assert "Rapport du délégataire" not in journee()


def test_only_the_last_saisines_are_proposed_and_that_which_is_chosen_stays(client, monkeypatch):
    monkeypatch.setattr(controle, "AVIS_PROPOSES", 1)
    choisie, passee, derniere = (AvisFactory(titre=titre) for titre in ("L’eau", "Le tram", "Le chauffage"))
    element = controle.ajouter_controle(
        Controle(), par=CompteFactory(agent=True), nature="contrat", service=ServiceSuiviFactory(),
        intitule="Délégation de l’eau", avis=choisie,
    )  # fmt: skip

    propose = controle.ControleForm(objet=element).fields["avis"].queryset

    assert {choisie, derniere} == set(propose)
    assert passee not in propose


def test_what_is_followed_is_written_again_and_its_deadline_moves(agent):
    AvisFactory()  # the commission sits
    suivi = Controle.objects.create(service=ServiceSuiviFactory(), intitule="Délégation de l’eau")
    guichet, jour = Guichet(agent, en_hate=True), timezone.localdate() + timedelta(days=30)
    page = reverse("ccspl:modifier_controle", args=[suivi.pk])
    guichet.valider(page, intitule="")
    assert "Donnez un intitulé." in guichet.dit
    guichet.valider(intitule="Délégation de l’eau potable", date_echeance=jour.isoformat())

    suivi.refresh_from_db()
    assert (suivi.intitule, suivi.date_echeance) == ("Délégation de l’eau potable", jour)
    ligne = EntreeInstance.objects.get(acte="modifier_controle")
    assert ligne.fait == "Contrôle de gestion, modifié : Délégation de l’eau potable"
