"""What was promised, from the page of who says it to the page of who reads it: suites, Agora, engagements, rencontres.

In browsers for who is not of the service, and where an agent chooses on a page; elsewhere forms are sent as they are.
"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.engagements.models import EngagementPris, Proposition, ReponseArgumentee
from participation.rencontres.models import Groupe, TableRencontre
from participation.socle.models import Courriel, Direction
from participation.suites import actes as suites
from participation.suites.workflow import Etat
from tests.engagements.factories import CollectifFactory
from tests.greffons.guichet import Guichet
from tests.greffons.navigateur import TELEPHONE, suivre, valider
from tests.outils import jour, pdf_rapides
from tests.petitions.factories import PetitionFactory
from tests.rencontres.factories import RencontreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)

PROPOSITIONS = "N°;Intitulé;Réponse\n1;Des bancs à l’ombre;\n2;Le tram gratuit;\n3;;\n".encode()


@pytest.fixture
def agente(db):
    return CompteFactory(agent=True)


def lien_de(lettre: str, adresse: str) -> str:
    """Return the path of the first link of the last letter to this mailbox."""
    corps = Courriel.objects.filter(acte=lettre, destinataires=[adresse]).latest("pk").corps
    return re.search(r"https?://[^/\s]+(/\S+)", corps)[1]


def test_what_the_direction_says_done_is_judged_by_who_asked_and_both_are_read_by_all(
    agente, entrer, live_server
):
    petition = PetitionFactory(debattue=True)
    suite = suites.ajouter_suite(
        petition, par=agente, intitule="Refaire la piste", direction=Direction.objects.order_by("pk")[0]
    )
    suites.changer_etat(suite, par=agente, vers=Etat.SUIVIE, texte_public="Les travaux commencent.")
    bureau: Page = entrer(agente)
    bureau.goto(suite.get_absolute_url())
    suivre(bureau.get_by_role("link", name="Dire où elle en est"))
    bureau.locator('[name="adresse"]').fill("https://example.org/piste")
    valider(
        bureau, etat="realisee", texte_public="La piste est refaite.", intitule_preuve="Photo de la piste"
    )

    auteur: Page = entrer(None, TELEPHONE)
    auteur.goto(lien_de("suites/solliciter", petition.auteur.courriel))
    suivre(auteur.get_by_role("button", name="Fait en partie"))
    auteur.get_by_label("Un mot, si vous voulez").fill("Elle s’arrête au pont.")
    suivre(auteur.get_by_role("button", name="Envoyer ce mot"))
    expect(auteur.get_by_text("Un agent le lit avant de le publier.")).to_be_visible()

    Guichet(agente).valider(reverse("suites:publier_mot", args=[suite.verdicts.get().pk]))
    auteur.goto(petition.get_public_url())
    for mots in ("La piste est refaite.", "Elle s’arrête au pont.", "Photo de la piste"):
        expect(auteur.locator("main")).to_contain_text(mots)


def test_propositions_come_from_a_table_and_leave_with_an_answer_that_the_elue_read(
    agente, entrer, live_server, monkeypatch
):
    pdf_rapides(monkeypatch)
    agora, direction = CollectifFactory(nom="L’Agora"), Direction.objects.order_by("pk")[0]
    bureau: Page = entrer(agente)
    bureau.goto(reverse("engagements:reprises"))
    bureau.get_by_label("Qui propose").select_option(label="L’Agora")
    fichier = {"name": "agora.csv", "mimeType": "text/csv", "buffer": PROPOSITIONS}
    bureau.get_by_label("Tableau des propositions").set_input_files(fichier)
    suivre(bureau.get_by_role("button", name="Lire le tableau"))
    valider(bureau, titre="Intitulé")
    expect(bureau.locator("main")).to_contain_text("2 propositions notées sur 3 lignes")
    expect(bureau.get_by_text("il manque la proposition")).to_be_visible()

    guichet, elue = Guichet(agente), CompteFactory(elu=True)
    for proposition in Proposition.objects.order_by("pk"):
        guichet.valider(
            reverse("engagements:modifier_proposition", args=[proposition.pk]), direction=direction.pk
        )
        guichet.valider(reverse("engagements:publier_proposition", args=[proposition.pk]))
    guichet.valider(
        reverse("engagements:preparer_reponse"), collectif=agora.pk, titre="Réponse à l’Agora", elu=elue.pk
    )
    reponse = ReponseArgumentee.objects.get()
    for ligne, sens, retour in zip(
        reponse.lignes.order_by("proposition"),
        ("retenue", "non_retenue"),
        ("Vingt bancs en mai.", "Le budget ne le permet pas."),
        strict=True,
    ):
        guichet.valider(reverse("engagements:repondre_ligne", args=[ligne.pk]), sens=sens, retour=retour)
    guichet.valider(
        reverse("engagements:preparer_restitution", args=[reponse.pk]),
        date=jour(9).isoformat(),
        heure="18:30",
        restitution_lieu="Salle 1",
    )
    guichet.valider(reverse("engagements:soumettre_reponse", args=[reponse.pk]))
    lectrice: Page = entrer(elue, TELEPHONE)
    lectrice.goto(reponse.get_absolute_url())
    expect(lectrice.locator("main")).to_contain_text("Le budget ne le permet pas.")
    suivre(lectrice.get_by_role("link", name="Dire que je l’ai lue"))
    suivre(lectrice.get_by_role("button", name="Dire que je l’ai lue"))
    guichet.valider(reverse("engagements:publier_reponse", args=[reponse.pk]))

    # Who proposed reads it from its letter, and somebody follows what becomes of a proposition.
    membre: Page = entrer(None, TELEPHONE)
    membre.goto(lien_de("engagements/publier_reponse", agora.courriel))
    expect(membre.locator("main")).to_contain_text("Salle 1")
    suivre(membre.get_by_role("link", name="Des bancs à l’ombre"))
    suivre(membre.get_by_role("link", name="Suivre par courriel"))
    membre.get_by_label("Adresse de courriel").fill("ines@example.org")
    suivre(membre.locator('main form[method="post"] button[type="submit"]').first)
    membre.goto(lien_de("suites/suivre", "ines@example.org"))
    suivre(membre.locator('main form[method="post"] button[type="submit"]').first)
    assert Proposition.objects.get(numero="1").abonnements.filter(confirme_le__isnull=False).exists()


def test_an_engagement_is_published_measured_and_read_with_the_report_of_its_year(
    agente, entrer, live_server, monkeypatch
):
    pdf_rapides(monkeypatch)
    bureau: Page = entrer(agente)
    valider(
        bureau,
        reverse("engagements:ecrire_engagement"),
        titre="Aller où sont les gens",
        texte="Nous tenons douze sorties.",
        verification="Le carnet du service.",
        source="délibération 2026-0412",
        date_limite=jour(200).isoformat(),
    )
    engagement = EngagementPris.objects.get()
    valider(
        bureau,
        reverse("engagements:ajouter_indicateur", args=[engagement.pk]),
        intitule="Sorties au marché",
        mesure="saisie",
        cible="12",
        unite="sorties",
    )
    suivre(bureau.get_by_role("link", name="Publier l’engagement"))
    suivre(bureau.get_by_role("button", name="Publier l’engagement"))
    valider(
        bureau,
        reverse("engagements:mesurer", args=[engagement.indicateurs.get().pk]),
        valeur="9",
        constatee_le=jour(0).isoformat(),
        source="carnet du service",
    )
    valider(bureau, reverse("engagements:rapports_engagements"), annee=str(timezone.localdate().year))

    habitante: Page = entrer(None, TELEPHONE)
    habitante.goto(reverse("engagements:engagements"))
    suivre(habitante.get_by_role("link", name="Aller où sont les gens"))
    for mots in ("9 sorties", "carnet du service", "délibération 2026-0412", "Engagement publié"):
        expect(habitante.locator("main")).to_contain_text(mots)


def test_a_note_taken_at_a_table_becomes_an_answer_that_its_author_reads(agente, entrer, live_server):
    rencontre = RencontreFactory(tenue=True)
    table = TableRencontre.objects.create(rencontre=rencontre, numero=1)
    habitante: Page = entrer(None, TELEPHONE)
    habitante.goto(reverse("rencontres:table", args=[table.jeton()]))
    habitante.get_by_label("Ce qui se dit").fill("Un banc à l’ombre")
    habitante.get_by_text("La personne veut savoir").click()
    habitante.get_by_label("Adresse de qui l’a dit").fill("ines@example.org")
    habitante.get_by_role("button", name="Noter", exact=True).click()
    expect(habitante.locator("[data-deja] > li")).to_have_text(["Un banc à l’ombre"])
    habitante.goto(lien_de("rencontres/suivre_note", "ines@example.org"))
    suivre(habitante.locator('main form[method="post"] button[type="submit"]').first)

    bureau: Page = entrer(agente)
    bureau.goto(reverse("rencontres:recolte", args=[rencontre.pk]))
    suivre(bureau.get_by_role("link", name="Grouper des notes"))
    bureau.get_by_label("Un banc à l’ombre").check()
    valider(bureau, titre="Des bancs")
    groupe = Groupe.objects.get()
    valider(
        bureau,
        reverse("rencontres:repondre_au_groupe", args=[groupe.pk]),
        reponse="Vingt bancs sont posés en mai.",
    )

    habitante.goto(lien_de("rencontres/dire_ce_que_devient", "ines@example.org"))
    expect(habitante.locator("main")).to_contain_text("Vingt bancs sont posés en mai.")
