"""A remontée in real browsers, from the phone of a field agent to the public answer, with every role."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.seances.models import Instance, PointDossier, Seance
from participation.seances.points import actes as points
from participation.socle.models import Courriel, Direction
from remontees.models import Attribution, Remontee, Sujet
from remontees.reception.arrivees import recevoir_ce_qui_attend
from remontees.workflow import INSTANCE, Etat, EtatSujet
from tests.greffons.navigateur import TELEPHONE, controler, remplir, suivre, valider
from tests.remontees.reception.test_capture_navigateur import pret
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MandatureFactory,
    MembreFactory,
    PresenceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory, agent_de_direction, commune

pytestmark = pytest.mark.django_db(transaction=True)

DIT = "Le lampadaire devant l’école est éteint depuis trois semaines, on ne voit rien le soir."
REPONSE = "Le câble coupé est réparé depuis hier ; une ronde de nuit passe chaque mois."


@pytest.fixture
def seance():
    """A séance of the comité de suivi, with its president."""
    seance = SeanceFactory(mandature=MandatureFactory(instance=Instance.objects.get(cle=INSTANCE)))
    ConvieFactory(
        seance=seance,
        membre=MembreFactory(college=CollegeFactory(mandature=seance.mandature), president=True),
    )
    return seance


def dernier_lien(acte: str, motif: str, **filtres: object) -> str:
    lettre = Courriel.objects.filter(acte=acte, **filtres).latest("pk")
    (lien,) = re.findall(rf"https?://[^/\s]+((?:/\S*)?{motif}\S*)", lettre.corps)[:1]
    return lien


def test_what_is_said_on_a_pavement_is_answered_in_public(entrer, seance, settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    agente, autre = CompteFactory(agent=True), CompteFactory(agent=True)
    bureau = entrer(agente)

    _noter_hors_ligne(entrer)
    cle = _donner_une_cle(bureau)
    jeton = _poster_par_open311(bureau, cle)
    sujet = _trier_au_clavier(bureau)
    _demander_a_deux_services(entrer, bureau, sujet)
    _decider_au_comite(bureau, seance, sujet)
    _relire(entrer(autre), sujet)

    _lire_la_reponse(entrer, sujet)
    lue = bureau.request.get(f"/open311/v2/tokens/{jeton}.json").json()
    assert lue[0]["service_request_id"] == Remontee.objects.get(canal="open311").reference
    (publiee,) = bureau.request.get(f"/open311/v2/requests/{sujet.reference}.json").json()
    assert (publiee["status"], publiee["status_notes"]) == ("closed", f"Traité. {REPONSE}")


def _noter_hors_ligne(entrer) -> None:
    terrain = entrer(CompteFactory(accueil=True), TELEPHONE, color_scheme="dark")
    pret(terrain)
    terrain.context.set_offline(True)
    terrain.get_by_text("Terrain", exact=True).click()
    terrain.get_by_text("La personne veut être prévenue").click()
    remplir(
        terrain,
        verbatim=DIT,
        lieu="rue des Écoles",
        commune=commune("Échirolles").pk,
        courriel="lea@example.org",
    )
    terrain.get_by_role("button", name="Noter", exact=True).click()
    expect(terrain.locator("[data-brouillons] > li")).to_have_count(1)
    controler(terrain)
    terrain.context.set_offline(False)
    expect(terrain.locator("[data-brouillons] > li")).to_have_count(0)


def _donner_une_cle(bureau: Page) -> str:
    valider(
        bureau,
        reverse("remontees:clients_open311"),
        nom="Application d’une commune",
        courriel="si@example.org",
    )
    controler(bureau)
    return bureau.locator("code.code-long").inner_text()


def _poster_par_open311(bureau: Page, cle: str) -> str:
    """Another software posts a similar remontée, for a person with a mobile number and no email."""
    demande = {
        "api_key": cle,
        "service_code": "voirie-eclairage",
        "description": "Lampadaire éteint devant l’école, rue des Écoles, on ne voit rien.",
        "address_string": "rue des Écoles",
        "phone": "06 12 34 56 78",
        "attribute[commune]": commune("Échirolles").pk,
    }
    reponse = bureau.request.post("/open311/v2/requests.json", form=demande)
    assert reponse.ok, reponse.text()
    assert recevoir_ce_qui_attend() == 2
    return reponse.json()[0]["token"]


def _trier_au_clavier(bureau: Page) -> Sujet:
    """With the keyboard only: choose the category, then attach to the other remontée under a sujet."""
    bureau.goto(reverse("remontees:trier"))
    controler(bureau)
    expect(bureau.locator("blockquote").first).to_contain_text(DIT)
    with bureau.expect_navigation():
        bureau.keyboard.press("1")
    expect(bureau.locator("#t-categorie")).to_contain_text("clairage")
    bureau.keyboard.press("s")
    bureau.keyboard.press("ControlOrMeta+a")
    bureau.keyboard.type("Éclairage de la rue des Écoles")
    bureau.keyboard.press("Enter")
    expect(bureau.locator("main")).to_contain_text("Rien à trier ici")
    sujet = Sujet.objects.get()
    assert sujet.remontees.filter(etat=Etat.GROUPEE).count() == 2
    return sujet


def _demander_a_deux_services(entrer, bureau: Page, sujet: Sujet) -> None:
    """Ask two directions: one answers in its space, the other on a phone by the link of its letter."""
    valider(
        bureau,
        reverse("remontees:rediger_sujet", args=[sujet.pk]),
        texte_public="Des gens disent que la rue est noire le soir.",
    )
    valider(bureau, reverse("remontees:publier_sujet", args=[sujet.pk]))
    voirie, mobilites = (Direction.objects.get(sigle=sigle) for sigle in ("VOIRIE", "MOB"))
    for direction in (voirie, mobilites):
        Direction.objects.filter(pk=direction.pk).update(courriel=f"{direction.sigle.lower()}@example.org")
        valider(bureau, reverse("remontees:attribuer_sujet", args=[sujet.pk]), direction=direction.pk)
    service = entrer(agent_de_direction(voirie))
    service.goto(reverse("socle:journee"))
    suivre(service.get_by_role("link", name="Ouvrir").first)
    suivre(service.get_by_role("link", name="Répondre au service participation"))
    valider(service, issue="traite", reponse="Le câble coupé est réparé.")
    controler(service)

    telephone = entrer(None, TELEPHONE)
    telephone.goto(dernier_lien("remontees/attribuer", "/service/", destinataires=["mob@example.org"]))
    controler(telephone)
    remplir(telephone, issue="traite", reponse="Une ronde passe chaque mois.", nom="Hélène Arnoux")
    telephone.get_by_role("button", name="Envoyer la réponse").click()
    expect(telephone.locator("main")).to_contain_text("Votre réponse")
    sujet.refresh_from_db()
    assert sujet.etat == EtatSujet.A_REPONDRE
    assert Attribution.objects.filter(dossier=sujet.pk).exclude(repondue_le=None).count() == 2


def _decider_au_comite(bureau: Page, seance: Seance, sujet: Sujet) -> None:
    valider(bureau, reverse("remontees:inscrire_au_comite", args=[sujet.pk]), seance=seance.pk)
    Seance.objects.filter(pk=seance.pk).update(
        etat="ouverte", debut=timezone.now(), ouverte_le=timezone.now()
    )
    point = seance.points.get()
    PresenceFactory(convie=seance.convies.get())
    points.passer_au_point(point, par=CompteFactory(agent=True))
    lien = PointDossier.objects.get(point=point)
    bureau.goto(reverse("seances:animer", args=[seance.pk]))
    controler(bureau)
    bureau.goto(reverse("seances:decider_dossier", args=[lien.pk, "repondre_sujet"]))
    valider(bureau, issue="traite", reponse=REPONSE)
    expect(bureau.locator("main")).to_contain_text("Réponse à relire")


def _relire(bureau: Page, sujet: Sujet) -> None:
    """Another agent reads the answer first, from « Ma journée »."""
    assert not Courriel.objects.filter(acte="remontees/repondre").exists()
    bureau.goto(reverse("socle:journee"))
    bureau.get_by_role("link", name="Relire la réponse", exact=True).first.click()
    expect(bureau.locator("main")).to_contain_text(REPONSE)
    controler(bureau)
    bureau.get_by_role("button", name="Relire et envoyer la réponse").click()
    expect(bureau.locator("main")).to_contain_text("Réponse donnée pour 2 remontées.")
    sujet.refresh_from_db()
    assert sujet.etat == EtatSujet.REPONDU


def _lire_la_reponse(entrer, sujet: Sujet) -> None:
    """Each person follows the link of their letter or SMS; the sujet is public."""
    telephone = entrer(None, TELEPHONE)
    telephone.goto(dernier_lien("remontees/repondre", "/s/", destinataires=["+33612345678"], moyen="sms"))
    expect(telephone.locator("main")).to_contain_text(REPONSE)
    telephone.goto(dernier_lien("remontees/repondre", "/suivi/", destinataires=["lea@example.org"]))
    expect(telephone.locator("main")).to_contain_text(REPONSE)
    controler(telephone)
    telephone.goto(reverse("remontees:vous_l_avez_dit"))
    telephone.get_by_role("link", name=sujet.titre).click()
    expect(telephone.locator("main")).to_contain_text(REPONSE)
    controler(telephone)
