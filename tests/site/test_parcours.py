"""A pétition from the desk of an agent to the answer sent to a signer.

In browsers for who signs on a phone, and where the agent signs in; elsewhere forms are sent as they are.
"""

import re
from datetime import timedelta
from email.message import Message

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.socle.models import Commune, Compte, Courriel, Direction
from participation.socle.tasks import envoyer_courriels
from participation.socle.workflow import Role
from petitions import tasks as taches
from petitions.models import Petition, ReglementPetition, Signature
from petitions.workflow import Etat
from tests.greffons.guichet import Guichet
from tests.greffons.navigateur import TELEPHONE, suivre
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory
from tests.socle.boite_smtp import Boite
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)

CODE = re.compile(r"^(\d{6})\s*$", re.M)


def relever(boite: Boite, adresse: str, mots: str = "") -> Message:
    """Send the waiting letters, then return the last one that contains these words."""
    envoyer_courriels(list(Courriel.objects.a_envoyer().values_list("pk", flat=True)))
    lettres = [lettre for lettre, adresses in boite.recus if adresse in adresses and mots in texte(lettre)]
    assert lettres, f"aucune lettre pour {adresse} avec « {mots} »"
    return lettres[-1]


def texte(lettre: Message) -> str:
    partie = next(partie for partie in lettre.walk() if partie.get_content_type() == "text/plain")
    return partie.get_payload(decode=True).decode()


def se_connecter(page: Page, racine: str, compte: Compte, boite: Boite) -> None:
    """Sign in with a code received by mail."""
    page.goto(racine + reverse("account_login"))
    page.get_by_label("Adresse de courriel").fill(compte.courriel)
    suivre(page.get_by_role("button", name="Recevoir un code"))
    page.get_by_label("Code reçu par courriel").fill(CODE.search(texte(relever(boite, compte.courriel)))[1])
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def agir(bureau: Guichet, petition: Petition, acte: str, app: str = "petitions", **champs: str) -> None:
    """Do one act from the page of the dossier: its button, its form, its main button."""
    # An act returns to the dossier: the next act starts from there.
    if not bureau.est_sur(petition):
        bureau.aller(petition.get_absolute_url())
    adresse = reverse(f"{app}:{acte}", args=[petition.pk])
    assert adresse in {lien.get("href") for lien in bureau.main.iter("a")}
    bureau.valider(adresse, **champs)
    assert bureau.est_sur(petition)
    petition.refresh_from_db()


def examiner(bureau: Guichet, petition: Petition) -> None:
    appreciations = {f"appreciation_{critere.pk}": "rempli" for critere in petition.reglement.criteres.all()}
    bureau.valider(reverse("petitions:examiner", args=[petition.pk]), **appreciations)
    assert bureau.est_sur(petition)


def faire_signer(petition: Petition, nombre: int) -> None:
    """Add confirmed signatures from twenty communes, none above one third, as the bench loader does."""
    communes = list(Commune.objects.all()[:20])
    # Not today: a threshold reached in a day waits for an agent (tests/petitions/test_attaques.py).
    le = timezone.localtime() - timedelta(days=2)
    Signature.objects.bulk_create(
        Signature(
            petition=petition,
            prenom="Foule",
            nom=f"Numéro {n}",
            nom_canonique=f"foule numero {n}",
            courriel=f"foule{n}@essai{n}.example",
            courriel_canonique=f"foule{n}@essai{n}.example",
            commune=communes[n % 20],
            qualite="resident",
            etat=Signature.Etat.CONFIRMEE,
            confirmee_le=le,
            rang=1,
        )
        for n in range(nombre)
    )


def test_a_voice_is_followed_from_the_desk_to_its_answer(
    page: Page, entrer, live_server, boite_du_site: Boite
):
    agente = CompteFactory(role=Role.AGENT, prenom="Claire", nom="Montel")
    Direction.objects.update(courriel="direction@example.org")
    # Few: each gets a letter at each act, and fifty made seven hundred letters.
    ReglementPetition.objects.update(copetitionnaires_requis=2)
    petition = PetitionFactory(deposee=True, titre="Des fontaines dans tous les parcs")
    CoPetitionnaireFactory.create_batch(2, petition=petition, confirme=True)
    petition.echeances.create(
        cle="recevabilite", libelle="Répondre", date_limite=timezone.localdate(), est_legale=True
    )

    # An agent takes the pétition, examines it and opens the signatures.
    se_connecter(page, live_server.url, agente, boite_du_site)
    suivre(page.get_by_role("link", name="Toute l’équipe"))
    expect(page.get_by_text("Des fontaines dans tous les parcs").first).to_be_visible()
    bureau = Guichet(agente)
    agir(bureau, petition, "prendre_en_charge", app="socle")
    examiner(bureau, petition)
    agir(bureau, petition, "declarer_recevable", raison_sans_comite="Le comité se réunit dans un mois.")
    assert petition.etat == Etat.RECEVABLE
    agir(bureau, petition, "ouvrir_collecte")
    assert petition.etat == Etat.EN_COLLECTE

    # A resident signs on a phone, reads the letter and confirms.
    telephone = entrer(None, TELEPHONE)
    telephone.goto(live_server.url + petition.get_public_url())
    suivre(telephone.get_by_role("link", name="Signer").first)
    telephone.get_by_label("Prénom").fill("Inès")
    telephone.get_by_label("Nom", exact=True).fill("Vial")
    telephone.get_by_label("Commune", exact=True).select_option(label="Vizille")
    telephone.get_by_label("Adresse de courriel").fill("ines@example.org")
    telephone.get_by_label("J’habite l’une des 49 communes").check()
    telephone.get_by_label("J’ai 16 ans ou plus").check()
    telephone.get_by_label("Je veux recevoir la réponse").check()
    suivre(telephone.locator('main form button[type="submit"]').first)
    assert not Signature.objects.valables().exists()
    expect(telephone.locator("[data-adresse]")).to_contain_text("ines@example.org")
    taches.ecrire_aux_signataires()
    lien = re.search(r"http\S+/confirmer/", texte(relever(boite_du_site, "ines@example.org")))[0]
    telephone.goto(lien)
    assert not Signature.objects.valables().exists(), "opening the link must not sign"
    telephone.get_by_role("button", name="Je signe").click()
    expect(telephone.locator("main")).to_contain_text("Vous êtes la 1")

    # The counts change.
    taches.compter()
    telephone.goto(live_server.url + petition.get_public_url())
    expect(telephone.locator(".jauge-valeur").first).to_contain_text("1")

    # Many signatures: both thresholds are recorded and announced once each.
    faire_signer(petition, 1_599)
    taches.compter()
    taches.compter()
    assert petition.seuils_atteints.count() == 2
    telephone.reload()
    expect(telephone.locator(".jauge-valeur").first).to_contain_text("1\u00a0600")

    # Council, panel, debate, answer.
    aujourdhui = timezone.localdate().isoformat()
    agir(bureau, petition, "clore_collecte", motif="Les deux seuils sont atteints.")
    assert petition.etat == Etat.A_DEBATTRE
    agir(bureau, petition, "transmettre_note", date=aujourdhui, texte="La note dit les enjeux.")
    agir(bureau, petition, "ouvrir_panel", date=aujourdhui)
    assert petition.etat == Etat.EN_PANEL
    agir(bureau, petition, "recevoir_avis_panel", date=aujourdhui, avis="Le panel est favorable.")
    agir(bureau, petition, "inscrire_au_conseil", date=aujourdhui, est_sur="oui")  # today may be a Sunday
    agir(
        bureau,
        petition,
        "constater_debat",
        date=aujourdhui,
        issue="Le conseil a débattu une heure.",
        raison_sans_preparation="La rencontre n’a pas pu se tenir.",
    )
    agir(
        bureau,
        petition,
        "ajouter_suite",
        intitule="Poser dix fontaines",
        direction=str(Direction.objects.get(nom="Eau et assainissement").pk),
        date_limite=aujourdhui,
    )
    agir(bureau, petition, "repondre", reponse="La Métropole pose dix fontaines avant l’été.")
    assert petition.etat == Etat.REPONDUE

    # The signer gets a letter, and the public page shows the answer.
    relever(boite_du_site, "ines@example.org", "La Métropole pose dix fontaines")
    telephone.reload()
    expect(telephone.locator("main")).to_contain_text("La Métropole pose dix fontaines avant l’été.")
    expect(telephone.locator("main")).to_contain_text("Poser dix fontaines")

    # The pétition cannot be closed before the suite is done.
    for vers in ("suivie", "realisee"):
        bureau.valider(reverse("suites:changer_etat", args=[petition.suites.get().pk]), etat=vers)
    agir(bureau, petition, "clore")
    assert petition.etat == Etat.CLOSE
    assert petition.clos_le is not None
    actes = set(petition.journal.values_list("acte", flat=True))
    assert {
        "declarer_recevable",
        "ouvrir_collecte",
        "atteindre_seuil",
        "constater_debat",
        "repondre",
        "clore",
    } <= actes
