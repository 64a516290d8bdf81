"""A projet in real browsers, from the phone of its porteuse to its public fiche, with every role."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from contrat_ville.dauphin import tour
from contrat_ville.models import DossierImporte, Enveloppe, ImportDauphin, Partenaire, Projet, TypePiece
from participation.seances.models import Seance
from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Commune, Courriel, Direction, Document, PieceCourriel, Quartier
from tests.contrat_ville.comites import PILOTAGE, TECHNIQUE, seance_de, tenir
from tests.contrat_ville.dauphin import DOSSIER, ENTETES, SIRET
from tests.contrat_ville.factories import ProgrammationFactory
from tests.navigateur import TELEPHONE, controler, remplir, suivre, valider
from tests.socle.factories import CompteFactory, agent_de_direction

pytestmark = pytest.mark.django_db(transaction=True)
TITRE = "Jardin de la dalle"


@pytest.fixture
def programmation():
    """Call open today: one paper is required, and the Métropole gives 500 € at most."""
    programmation = ProgrammationFactory(annee=timezone.localdate().year)
    piece = TypePiece.objects.filter(est_obligatoire=True, natures="").first() or TypePiece.objects.first()
    TypePiece.objects.exclude(pk=piece.pk).update(est_active=False)
    TypePiece.objects.filter(pk=piece.pk).update(est_obligatoire=True, natures="")
    Enveloppe.objects.create(programmation=programmation, financeur=metropole(), montant=Decimal(500))
    return programmation


def metropole() -> Partenaire:
    return Partenaire.objects.get(nom="Grenoble-Alpes Métropole")


def test_a_projet_is_filed_joined_read_decided_told_accompanied_and_shown(entrer, programmation):
    telephone, bureau = entrer(CompteFactory(), TELEPHONE), entrer(CompteFactory(agent=True))

    projet = _deposer(telephone, programmation)
    _joindre_dauphin(bureau, projet)
    _instruire(bureau, entrer(CompteFactory(agent=True)), projet)
    _demander_a_la_commune(entrer, bureau, projet)
    valider(bureau, reverse("contrat_ville:clore_appel", args=[programmation.pk]))
    _proposer(bureau, projet)
    _arreter(entrer, bureau, projet)
    _notifier(bureau, telephone, projet)
    _accompagner(bureau, telephone, projet)
    _lire_la_fiche(entrer, projet)


def _deposer(telephone: Page, programmation) -> Projet:
    """File the projet step by step at 390 px; an unbalanced budget is reported before the deposit."""
    quartier = Quartier.objects.filter(commune__partenaires__isnull=False).first()
    jour = timezone.localdate()
    valider(telephone, reverse("contrat_ville:commencer", args=[programmation.annee]), titre=TITRE)
    valider(
        telephone, nature="association", nom="Les Jardins", siret=SIRET, representant="Nora Haddad",
        courriel="jardins@example.org",
    )  # fmt: skip
    valider(
        telephone, objet="Un jardin tenu par les voisins.", description="Nous cultivons ensemble.",
        objectifs="Se parler.", axe=programmation.contrat.axes.first().pk,
    )  # fmt: skip
    valider(
        telephone, publics="Toute la dalle.", participation_habitants="Ils décident.", quartiers=quartier.pk
    )
    valider(
        telephone, date_debut=(jour - timedelta(days=2)).isoformat(), date_fin=(jour - timedelta(days=1)).isoformat(),
        moyens_humains="Dix bénévoles.", evaluation_prevue="Nous comptons.",
    )  # fmt: skip
    remplir(telephone, **{"depense-0-poste": "601", "depense-0-montant": "1 000,50"})
    remplir(telephone, **{"recette-0-poste": f"f:{metropole().pk}", "recette-0-montant": "800"})
    remplir(telephone, **{"recette-1-poste": "756", "recette-1-montant": "200,50"})
    controler(telephone)
    suivre(telephone.get_by_role("button", name="Enregistrer et continuer"))
    piece = {"name": "statuts.txt", "mimeType": "text/plain", "buffer": b"Les statuts."}
    telephone.locator('main input[type="file"]').set_input_files(piece)
    telephone.get_by_role("button", name="Joindre cette pièce").click()
    expect(telephone.locator("main")).to_contain_text("statuts.txt")
    projet = Projet.objects.get()
    telephone.goto(reverse("contrat_ville:deposer", args=[projet.pk]))
    for nom in ("exactitude", "engagement"):
        telephone.locator(f'main [name="{nom}"]').check()
    valider(telephone)
    expect(telephone.locator("main")).to_contain_text("déposé")
    projet.refresh_from_db()
    assert projet.etat == "depose"
    return projet


def _joindre_dauphin(bureau: Page, projet: Projet) -> None:
    """Import the same projet from Dauphin: it is merged with the filed one, whose text is kept."""
    bureau.goto(reverse("contrat_ville:imports_dauphin"))
    octets = f"{ENTETES}\n{DOSSIER}".encode()
    bureau.locator('main input[type="file"]').first.set_input_files(
        {"name": "dauphin.csv", "mimeType": "text/csv", "buffer": octets}
    )
    valider(bureau, exercice=projet.programmation.annee)
    choisi = ImportDauphin.objects.get()
    valider(bureau)
    tour.avancer_import(choisi.pk)
    valider(bureau, DossierImporte.objects.get().get_absolute_url(), choix="joindre", candidat=projet.pk)
    bureau.goto(choisi.get_absolute_url())
    suivre(bureau.get_by_role("button", name="Appliquer ce rapport"))
    tour.avancer_import(choisi.pk)
    projet.refresh_from_db()
    assert (projet.numero_dauphin, projet.titre) == ("00012345-1", TITRE)


def _instruire(bureau: Page, autre: Page, projet: Projet) -> None:
    """Two agents fill the grid, and disagree."""
    recevabilite, merite = projet.programmation.criteres.order_by("-etape")
    adresse = reverse("contrat_ville:evaluer", args=[projet.pk])
    for page, note in ((bureau, 5), (autre, 1)):
        valider(page, adresse, **{f"c{recevabilite.pk}": "rempli", f"c{merite.pk}": note}, synthese="Lu.")
    valider(bureau, reverse("contrat_ville:declarer_recevable", args=[projet.pk]))
    expect(bureau.locator("#grille")).to_contain_text("diffèrent de 80 points")


def _demander_a_la_commune(entrer, bureau: Page, projet: Projet) -> None:
    """The commune answers on a phone by the link of its letter, without an account."""
    Commune.objects.filter(pk=projet.quartiers.get().commune_id).update(courriel="mairie@example.org")
    valider(bureau, reverse("contrat_ville:demander_avis", args=[projet.pk]))
    lettre = Courriel.objects.filter(destinataires__contains=["mairie@example.org"]).latest("pk")
    (lien,) = re.findall(r"https?://[^/\s]+(/repondre/\S*)", lettre.corps)
    mairie = entrer(None, TELEPHONE)
    mairie.goto(lien)
    controler(mairie)
    valider(mairie, sens="favorable", reponse="La Ville prête l’eau.", nom="Luc Ferrier")
    bureau.goto(projet.get_absolute_url())
    expect(bureau.locator("#avis")).to_contain_text("La Ville prête l’eau.")


def _tenir(bureau: Page, cle: str) -> Seance:
    """Fill the agenda from the ranked list, open the séance with its members, start the point."""
    seance = seance_de(cle)
    valider(bureau, reverse("contrat_ville:preparer_comite", args=[cle]), seance=seance.pk)
    tenir(seance)
    bureau.goto(reverse("seances:animer", args=[seance.pk]))
    bureau.get_by_role("button", name="Commencer ce point").first.click()
    expect(bureau.locator("main")).to_contain_text(TITRE)
    expect(bureau.get_by_role("button", name="Commencer ce point")).to_have_count(0)
    return seance


def _proposer(bureau: Page, projet: Projet) -> None:
    bureau.goto(reverse("contrat_ville:preparer_comite", args=[TECHNIQUE]))
    controler(bureau)
    seance = _tenir(bureau, TECHNIQUE)
    lien = seance.points.get().liens_dossiers.get()
    bureau.goto(reverse("seances:decider_dossier", args=[lien.pk, "proposer"]))
    valider(bureau, **{f"montant_{metropole().pk}": "600"}, motif="Utile à la dalle.")
    projet.refresh_from_db()
    assert (projet.etat, projet.avis_technique) == ("propose", "favorable")


def _arreter(entrer, bureau: Page, projet: Projet) -> None:
    """The Métropole lowers its amount on a phone; the room screen shows it; the year is adopted."""
    programmation = projet.programmation
    seance = _tenir(bureau, PILOTAGE)
    valider(
        bureau,
        reverse("contrat_ville:creer_scenario", args=[programmation.pk]),
        nom="Équilibré",
        depart="propose",
    )
    expect(bureau.locator("#r-enveloppes")).to_contain_text("dépassée de 100")
    scenario = programmation.scenarios.get()
    direction = Direction.objects.first()
    Partenaire.objects.filter(pk=metropole().pk).update(direction=direction)
    financeur = entrer(agent_de_direction(direction), TELEPHONE)
    financeur.goto(scenario.get_absolute_url())
    financeur.locator(f"#montant_{projet.financements.get().pk}").fill("450")
    financeur.locator(f"#p-{projet.pk} button").click()
    expect(bureau.locator("#r-enveloppes")).to_contain_text("reste 50")
    controler(financeur)
    bureau.goto(reverse("contrat_ville:arreter_programmation", args=[scenario.pk]))
    controler(bureau)
    valider(bureau, seance=seance.pk)
    projet.refresh_from_db()
    assert (projet.etat, projet.financements.get().accorde) == ("retenu", Decimal(450))
    assert seance.points.get().liens_dossiers.get().decision == "retenir"


def _notifier(bureau: Page, telephone: Page, projet: Projet) -> None:
    telephone.goto(projet.get_porteur_url())
    expect(telephone.locator("main")).not_to_contain_text("450")
    valider(bureau, reverse("contrat_ville:preparer_lettre", args=[projet.pk]))
    document = Document.objects.get(dossier=projet.pk)
    assert fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open("rb") as fichier:
        signee = {"name": "lettre.pdf", "mimeType": "application/pdf", "buffer": fichier.read()}
    bureau.goto(reverse("contrat_ville:joindre_lettre_signee", args=[projet.pk]))
    bureau.locator('main input[type="file"]').set_input_files(signee)
    valider(bureau)
    valider(bureau, reverse("contrat_ville:notifier", args=[projet.pk]))
    expect(bureau.locator("#decision")).to_contain_text("Dite à l’équipe")
    controler(bureau)
    assert bytes(PieceCourriel.objects.get(courriel__dossier=projet.pk).contenu) == signee["buffer"]
    telephone.goto(projet.get_porteur_url())
    expect(telephone.locator("#decision")).to_contain_text("450")


def _accompagner(bureau: Page, telephone: Page, projet: Projet) -> None:
    jour = timezone.localdate().isoformat()
    for acte, champs in (
        ("conventionner", {"numero": "CDV-1", "date_signature": jour}),
        ("demarrer", {}),
        ("noter_accompagnement", {"nature": "visite", "date": jour, "texte": "Les bacs sont posés."}),
        ("attendre_bilan", {}),
    ):
        valider(bureau, reverse(f"contrat_ville:{acte}", args=[projet.pk]), **champs)
    expect(bureau.locator("#apres")).to_contain_text("Les bacs sont posés.")
    telephone.goto(reverse("contrat_ville:rendre_bilan", args=[projet.pk]))
    depense = projet.budget.get(sens="depense")
    valider(
        telephone, realise="Huit bacs, cent voisins.", changements="On se parle.",
        ecarts="La subvention n’est pas encore versée.", **{f"l{depense.pk}": "950,20"},
    )  # fmt: skip
    expect(telephone.locator("main")).to_contain_text("Relisez")
    valider(telephone)
    expect(telephone.locator("main")).to_contain_text(re.compile("bilan reçu", re.I))
    valider(bureau, reverse("contrat_ville:publier_fiche", args=[projet.pk]))


def _lire_la_fiche(entrer, projet: Projet) -> None:
    passante = entrer(None, TELEPHONE, color_scheme="dark")
    passante.goto(reverse("contrat_ville:soutenus"))
    passante.get_by_role("link", name=TITRE).click()
    expect(passante.locator("main")).to_contain_text("Un jardin tenu par les voisins.")
    expect(passante.locator("main")).to_contain_text("450")
    controler(passante)
