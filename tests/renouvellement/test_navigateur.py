"""Renewal in a browser, from the application on a phone to the final list, with axe on each page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.renouvellement.models import Campagne, Candidature
from participation.renouvellement.workflow import Choix, EtatCampagne
from participation.seances.models import Membre
from participation.socle.models import Compte, Courriel
from participation.socle.workflow import Role
from tests.greffons.navigateur import TELEPHONE, controler, suivre
from tests.outils import jour
from tests.renouvellement.factories import CampagneFactory, CollegeCampagneFactory, CritereCampagneFactory
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vrai_courrier")]


def dernier_lien(live_server, acte: str) -> str:
    corps = Courriel.objects.filter(acte=f"renouvellement/{acte}").latest("pk").corps
    return live_server.url + re.search(r"https?://[^/]+(/\S+)", corps)[1]


def test_a_campaign_from_the_phone_of_a_resident_to_the_mandature(page: Page, entrer, live_server):
    campagne = CampagneFactory(
        ouverte=True, facile="Vous utilisez le tram.", lectures_par_candidature=1, grace_heures=0
    )
    college = CollegeCampagneFactory(campagne=campagne, nom="Habitantes et habitants", sieges=1)
    CritereCampagneFactory(campagne=campagne, libelle="Expérience d’usager")
    page.set_viewport_size(TELEPHONE)

    # Resident
    page.goto(live_server.url + reverse("renouvellement:candidater", args=[campagne.instance.cle]))
    controler(page)
    suivre(page.get_by_role("link", name="Candidater au collège"))
    controler(page)
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Adresse de courriel").fill("lea@exemple.fr")
    page.get_by_label("Pourquoi voulez-vous").fill("Je prends le bus tous les jours.")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", name="réponses sont à corriger")).to_be_visible()
    expect(page.get_by_label("Pourquoi voulez-vous")).to_have_value("Je prends le bus tous les jours.")
    controler(page)
    page.get_by_label("Commune où vous habitez").select_option(label="Vizille")
    page.get_by_label("J’ai 16 ans ou plus").check()
    page.get_by_label("J’habite l’une des 49 communes").check()
    page.get_by_label("Garde d’enfants").check()
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", name="Ouvrez notre courriel")).to_be_visible()
    controler(page)
    page.goto(dernier_lien(live_server, "candidater"))
    controler(page)
    page.get_by_role("button", name="Je confirme ma candidature").click()
    expect(page.get_by_text("numéro 1")).to_be_visible()
    suivre(page.get_by_role("link", name="Voir, corriger ou retirer"))
    controler(page)
    suivre(page.get_by_role("link", name="Corriger mes réponses"))
    controler(page)
    page.get_by_label("Téléphone").fill("0476000000")
    page.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(page.get_by_text("0476000000")).to_be_visible()

    # The service checks the candidatures, closes the call, opens the selection
    candidature = Candidature.objects.get()
    agent = CompteFactory(role=Role.AGENT)
    bureau = entrer(agent)
    bureau.goto(live_server.url + reverse("renouvellement:campagne", args=[campagne.pk]))
    controler(bureau)
    suivre(bureau.get_by_role("link", name="À vérifier"))
    controler(bureau)
    suivre(bureau.get_by_role("link", name="Léa Martin"))
    controler(bureau)
    suivre(bureau.get_by_role("link", name="Déclarer recevable"))
    suivre(bureau.get_by_role("button", name="Déclarer recevable"))
    expect(bureau.get_by_text("La candidature n° 1 est recevable")).to_be_visible()
    Campagne.objects.filter(pk=campagne.pk).update(
        etat=EtatCampagne.CLOSE, ouverture=jour(-20), cloture=jour(-2), mandature_debut=timezone.localdate()
    )
    bureau.goto(live_server.url + reverse("renouvellement:ouvrir_selection", args=[campagne.pk]))
    suivre(bureau.get_by_role("button", name="Ouvrir la sélection"))

    # Comité
    bureau.goto(live_server.url + reverse("renouvellement:composer_comite", args=[campagne.pk]))
    controler(bureau)
    bureau.get_by_label("Adresse de courriel").fill("lectrice@example.org")
    for acte in ("Ajouter au comité", "Répartir les lectures"):
        suivre(bureau.get_by_role("button", name=acte))
    lectrice = entrer(Compte.objects.get(courriel="lectrice@example.org"), TELEPHONE)
    lectrice.goto(dernier_lien(live_server, "repartir_lectures"))
    controler(lectrice)
    suivre(lectrice.get_by_role("link", name="Lire et noter"))
    controler(lectrice)
    lectrice.get_by_role("group", name="Expérience d’usager").get_by_label("4").check()
    lectrice.get_by_role("button", name="Enregistrer mes notes").click()
    expect(lectrice.get_by_text("Vos notes pour la candidature n° 1")).to_be_visible()

    # Final list
    bureau.goto(live_server.url + reverse("renouvellement:classement", args=[college.pk]))
    controler(bureau)
    suivre(bureau.get_by_role("link", name="Suivre le classement"))
    suivre(bureau.get_by_role("button", name="Suivre le classement"))
    expect(bureau.get_by_text("1 retenue sur 1 place")).to_be_visible()
    controler(bureau)
    bureau.goto(live_server.url + reverse("renouvellement:decider_candidature", args=[candidature.pk]))
    controler(bureau)
    bureau.goto(live_server.url + reverse("renouvellement:equilibre", args=[campagne.pk]))
    controler(bureau)
    bureau.goto(live_server.url + reverse("renouvellement:arreter", args=[campagne.pk]))
    controler(bureau)
    suivre(bureau.get_by_role("button", name="Arrêter la liste"))
    candidature.refresh_from_db()
    assert candidature.choix == Choix.RETENUE
    assert "est retenue" in Courriel.objects.get(acte="renouvellement/arreter_retenue").sujet

    # Mandature
    suivre(bureau.get_by_role("link", name="Nommer les membres"))
    bureau.get_by_label("Numéro de la délibération").fill("2026-112")
    bureau.get_by_label("Date de la délibération").fill(timezone.localdate().isoformat())
    suivre(bureau.get_by_role("button", name="Nommer les membres"))
    controler(bureau)
    assert Membre.objects.get().compte.courriel == "lea@exemple.fr"
    for etape in campagne.etapes.filter(est_requise=True):
        suivre(bureau.get_by_role("button", name=f"C’est fait : {etape.libelle}"))
    suivre(bureau.get_by_role("link", name="Installer la mandature"))
    suivre(bureau.get_by_role("button", name="Installer la mandature"))
    expect(bureau.get_by_text("Mandature installée", exact=True).first).to_be_visible()
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.INSTALLEE
