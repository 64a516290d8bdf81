"""A citizen panel from the phone of who registers to the answer to what it recommends, on the pages of each."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.panels import confirmation
from participation.panels.inscriptions import actes as inscriptions
from participation.panels.models import Inscription, PageInscription, Panel, ReglementPanels
from participation.panels.preparation.actes import preparer_son_tirage
from participation.panels.recommandations import adopter_recommandations
from participation.panels.workflow import Reponse
from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Document
from participation.suites import actes as suites
from participation.tirage import quotas
from participation.tirage.models import Tirage
from participation.tirage.selection import actes as selection
from participation.tirage.volontaires import actes as volontaires
from tests.greffons.navigateur import TELEPHONE, remplir, suivre, valider
from tests.outils import jour, pdf_rapides
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.seances.factories import SeanceFactory
from tests.socle.factories import DirectionFactory
from tests.tirage.mene import REGLE, graine

QUOTAS = "Genre ; F ; 2 ; 4\nGenre ; H ; 2 ; 4\nÂge ; 16-39 ; 2 ; 4\nÂge ; 40 et plus ; 2 ; 4"
GENRES, AGES = ("F", "H"), ("16-39", "40 et plus")
REPONSES = {"categorie_0": "F", "categorie_1": "16-39", "est_eligible": "oui", "peut_venir": "oui"}


def page_de(panel: Panel, acte: str) -> str:
    return reverse(f"panels:{acte}", args=[panel.pk])


@pytest.fixture
def ouvert(agent) -> Panel:
    """Six seats, two pages of registration, and thirty people who have registered."""
    assert ReglementPanels.objects.update(formulaire_secondes=0)  # a browser fills faster than a person
    panel = PanelFactory(places=6)
    regle = {champ: dit for champ, dit in REGLE.items() if champ not in {"titre", "objet", "places"}}
    fin_du_jour = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999_999)
    tirage = preparer_son_tirage(panel, par=agent, date_graine=jour(0), tirage_le=fin_du_jour, **regle)
    quotas.regler_quotas(tirage, par=agent, quotas=quotas.lire_quotas(QUOTAS, panel.places))
    arabe = {"Prénom": "الاسم", "M’inscrire": "التسجيل", "Votre inscription est reçue": "تم التسجيل"}
    for langue, nom, traductions in (("fr", "français", {}), ("ar", "العربية", arabe)):
        PageInscription.objects.create(
            panel=panel, langue=langue, nom_langue=nom, se_lit_de_droite=langue == "ar", titre=nom,
            introduction="…", traductions=traductions,
        )  # fmt: skip
    inscriptions.ouvrir_inscriptions(panel, par=agent)
    for n in range(30):
        InscriptionFactory(
            panel=panel,
            adresse=f"{n} rue des Essais",
            profil={"Genre": GENRES[n % 2], "Âge": AGES[n // 2 % 2]},
        )
    return panel


def premier_qui_garde_les_quotas(tirage: Tirage, partant: str) -> str:
    """Return the first of the reserve, by ticket, with whom the panel that this one leaves keeps its quotas."""
    restent = [personne.profil for personne in tirage.volontaires.assis().exclude(numero=partant)]
    return next(
        candidat.numero
        for candidat in tirage.volontaires.attente()
        if all(
            q.minimum <= sum(p[q.categorie] == q.valeur for p in [*restent, candidat.profil]) <= q.maximum
            for q in tirage.quotas.all()
        )
    )


@pytest.mark.django_db(transaction=True)
def test_a_panel_is_registered_drawn_in_the_room_kept_whole_seated_and_answered(
    agent, ouvert, entrer, monkeypatch
):
    pdf_rapides(monkeypatch)
    habitante: Page = entrer(None, TELEPHONE)
    habitante.goto(reverse("panels:entree", args=[ouvert.cle]))
    suivre(habitante.get_by_role("link", name="العربية"))
    expect(habitante.locator("[dir=rtl] form")).to_be_visible()
    habitante.get_by_label("الاسم").fill("Alma")
    remplir(habitante, nom="Essai", telephone="06 00 00 00 00", adresse="31 rue des Essais", **REPONSES)
    suivre(habitante.get_by_role("button", name="التسجيل"))
    expect(habitante.get_by_role("heading", name="تم التسجيل")).to_be_visible()

    bureau: Page = entrer(agent, {"width": 1280, "height": 720})
    bureau.goto(ouvert.get_absolute_url())
    suivre(bureau.get_by_role("link", name="Inscrire une personne"))
    valider(bureau, prenom="Bruno", nom="Modèle", telephone="06 00 00 00 01", canal="telephone", **REPONSES)
    venus = ouvert.inscriptions.filter(nom__in=["Essai", "Modèle"]).order_by("pk")
    assert list(venus.values_list("canal", "page__langue")) == [("web", "ar"), ("telephone", None)]

    valider(bureau, page_de(ouvert, "verser_au_tirage"))
    expect(bureau.get_by_text("32 personnes sont dans le tirage.")).to_be_visible()
    tirage = Tirage.objects.get(pk=ouvert.tirage_id)
    valider(bureau, reverse("tirage:figer", args=[tirage.pk]))
    tirage.refresh_from_db()
    volontaires.semer(tirage, par=agent, texte_graine=graine())
    selection.calculer(tirage, par=agent)
    assert selection.faire_calcul(tirage.pk)
    valider(bureau, reverse("tirage:publier_panels", args=[tirage.pk]))

    bureau.goto(reverse("tirage:ecran", args=[tirage.pk]))
    expect(bureau.get_by_label("Les trois boules, dans l’ordre")).to_be_focused()
    bureau.keyboard.type("042")
    bureau.keyboard.press("Enter")
    bouton = bureau.get_by_role("button", name="Valider 042, pour de bon")
    expect(bouton).to_be_in_viewport()
    bouton.press("Enter")
    expect(bureau.get_by_text("Le panel est tiré")).to_be_visible()
    tirage.refresh_from_db()
    habitante.goto(tirage.get_public_url())
    expect(habitante.get_by_role("heading", name="Comment nous avons tiré au sort")).to_be_visible()
    expect(habitante.locator("#panel")).to_contain_text(" ".join(tirage.panels[42]))

    # Somebody gives up when called: the page of the panel gives her seat, in the order of tickets.
    valider(bureau, page_de(ouvert, "ouvrir_appels"))
    suivre(bureau.get_by_role("link", name="Voir la liste d’appels"))
    suivre(bureau.get_by_role("link", name="Noter un appel").first)
    valider(bureau, moyen="appel", issue="refus_dates")
    partant = Inscription.objects.get(panel=ouvert, reponse=Reponse.REFUSEE).volontaire.numero
    entrant = premier_qui_garde_les_quotas(tirage, partant)
    valider(bureau, page_de(ouvert, "remplacer_renoncants"))
    expect(bureau.get_by_text(f"1 personne entre : {entrant}.")).to_be_visible()
    habitante.reload()
    expect(habitante.locator("#panel")).to_contain_text(f"{partant} renonce. {entrant} entre.")

    for assise in ouvert.inscriptions.assises().order_by("pk"):
        confirmation.noter_appel(assise, par=agent, moyen="appel", issue="confirme")
    valider(bureau, page_de(ouvert, "constituer_panel"))
    ouvert.refresh_from_db()
    instance = ouvert.instance
    SeanceFactory(mandature=instance.mandatures.get(), reglement=instance.reglements.get())
    bureau.goto(ouvert.get_absolute_url())
    suivre(bureau.get_by_role("link", name="Dresser les tables"))
    valider(bureau, tables=2)
    suivre(bureau.get_by_role("link", name="Imprimer les badges"))
    valider(bureau)
    assert fabriquer_document(Document.objects.get(nature="panels/badges").pk)
    bureau.reload()
    badges = bureau.locator("#documents").get_by_role("link", name="Badges et cartons de table").first
    assert bureau.request.get(badges.get_attribute("href")).status == 200

    # What its members voted is owed a suite, which anybody reads.
    valider(
        bureau, page_de(ouvert, "ecrire_recommandation"), titre="Réparer les fontaines",
        direction=DirectionFactory().pk,
    )  # fmt: skip
    adopter_recommandations(ouvert, par=agent, adoptees=ouvert.recommandations.all())
    valider(bureau, page_de(ouvert, "transmettre_recommandations"))
    habitante.goto(ouvert.get_public_url())
    recommandation = habitante.get_by_role("listitem").filter(has_text="Réparer les fontaines")
    expect(recommandation).to_contain_text("attendue le")
    suites.changer_etat(
        ouvert.suites.get(), par=agent, vers="suivie", texte_public="Dix fontaines coulent en mai."
    )
    habitante.reload()
    expect(recommandation).to_contain_text("Dix fontaines coulent en mai.")
