"""A projet from the phone of its porteuse to its public fiche, with every role.

In a browser where a page has a script, or is judged by axe; elsewhere its forms are sent as they are.
"""

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
from tests.contrat_ville.comites.monde import PILOTAGE, TECHNIQUE, seance_de, tenir
from tests.contrat_ville.dauphin.monde import DOSSIER, ENTETES, SIRET
from tests.contrat_ville.factories import ProgrammationFactory
from tests.greffons.guichet import Guichet
from tests.greffons.navigateur import TELEPHONE, controler, remplir, suivre, valider
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
    porteuse, agente = CompteFactory(), CompteFactory(agent=True)
    telephone, bureau, ecran = Guichet(porteuse), Guichet(agente), entrer(agente)

    projet = _deposer(telephone, entrer(porteuse, TELEPHONE), programmation)
    _joindre_dauphin(bureau, projet)
    _instruire(bureau, Guichet(CompteFactory(agent=True)), projet)
    _demander_a_la_commune(entrer, bureau, projet)
    bureau.valider(reverse("contrat_ville:clore_appel", args=[programmation.pk]))
    _proposer(bureau, ecran, projet)
    _arreter(entrer, bureau, ecran, projet)
    _notifier(bureau, ecran, telephone, projet)
    _accompagner(bureau, telephone, projet)
    _lire_la_fiche(entrer, projet)


def _deposer(telephone: Guichet, page: Page, programmation) -> Projet:
    """File the projet step by step at 390 px; an unbalanced budget is reported before the deposit."""
    quartier = Quartier.objects.filter(commune__partenaires__isnull=False).first()
    jour = timezone.localdate()
    telephone.valider(reverse("contrat_ville:commencer", args=[programmation.annee]), titre=TITRE)
    telephone.valider(
        nature="association", nom="Les Jardins", siret=SIRET, representant="Nora Haddad",
        courriel="jardins@example.org",
    )  # fmt: skip
    telephone.valider(
        objet="Un jardin tenu par les voisins.", description="Nous cultivons ensemble.",
        objectifs="Se parler.", axe=programmation.contrat.axes.first().pk,
    )  # fmt: skip
    telephone.valider(
        publics="Toute la dalle.", participation_habitants="Ils décident.", quartiers=quartier.pk
    )
    telephone.valider(
        date_debut=(jour - timedelta(days=2)).isoformat(), date_fin=(jour - timedelta(days=1)).isoformat(),
        moyens_humains="Dix bénévoles.", evaluation_prevue="Nous comptons.",
    )  # fmt: skip
    page.goto(telephone.adresse)
    remplir(page, **{"depense-0-poste": "601", "depense-0-montant": "1 000,50"})
    remplir(page, **{"recette-0-poste": f"f:{metropole().pk}", "recette-0-montant": "800"})
    remplir(page, **{"recette-1-poste": "756", "recette-1-montant": "200,50"})
    controler(page)
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    telephone.aller(page.url)
    telephone.joindre("statuts.txt", b"Les statuts.", "text/plain")
    telephone.valider(bouton="Joindre cette pièce")
    assert "statuts.txt" in telephone.lire()
    projet = Projet.objects.get()
    telephone.valider(reverse("contrat_ville:deposer", args=[projet.pk]), exactitude="on", engagement="on")
    assert "déposé" in telephone.lire()
    projet.refresh_from_db()
    assert projet.etat == "depose"
    return projet


def _joindre_dauphin(bureau: Guichet, projet: Projet) -> None:
    """Import the same projet from Dauphin: it is merged with the filed one, whose text is kept."""
    bureau.aller(reverse("contrat_ville:imports_dauphin"))
    bureau.joindre("dauphin.csv", f"{ENTETES}\n{DOSSIER}".encode(), "text/csv")
    bureau.valider(exercice=projet.programmation.annee)
    choisi = ImportDauphin.objects.get()
    bureau.valider()
    tour.avancer_import(choisi.pk)
    bureau.valider(DossierImporte.objects.get().get_absolute_url(), choix="joindre", candidat=projet.pk)
    bureau.valider(choisi.get_absolute_url(), bouton="Appliquer ce rapport")
    tour.avancer_import(choisi.pk)
    projet.refresh_from_db()
    assert (projet.numero_dauphin, projet.titre) == ("00012345-1", TITRE)


def _instruire(bureau: Guichet, autre: Guichet, projet: Projet) -> None:
    """Two agents fill the grid, and disagree."""
    recevabilite, merite = projet.programmation.criteres.order_by("-etape")
    adresse = reverse("contrat_ville:evaluer", args=[projet.pk])
    for guichet, note in ((bureau, 5), (autre, 1)):
        guichet.valider(adresse, **{f"c{recevabilite.pk}": "rempli", f"c{merite.pk}": note}, synthese="Lu.")
    bureau.valider(reverse("contrat_ville:declarer_recevable", args=[projet.pk]))
    assert "diffèrent de 80 points" in bureau.lire("grille")


def _demander_a_la_commune(entrer, bureau: Guichet, projet: Projet) -> None:
    """The commune answers on a phone by the link of its letter, without an account."""
    Commune.objects.filter(pk=projet.quartiers.get().commune_id).update(courriel="mairie@example.org")
    bureau.valider(reverse("contrat_ville:demander_avis", args=[projet.pk]))
    lettre = Courriel.objects.filter(destinataires__contains=["mairie@example.org"]).latest("pk")
    (lien,) = re.findall(r"https?://[^/\s]+(/repondre/\S*)", lettre.corps)
    mairie = entrer(None, TELEPHONE)
    mairie.goto(lien)
    controler(mairie)
    valider(mairie, sens="favorable", reponse="La Ville prête l’eau.", nom="Luc Ferrier")
    bureau.aller(projet.get_absolute_url())
    assert "La Ville prête l’eau." in bureau.lire("avis")


def _tenir(bureau: Guichet, cle: str) -> Seance:
    """Fill the agenda from the ranked list, open the séance with its members, start the point."""
    seance = seance_de(cle)
    bureau.valider(reverse("contrat_ville:preparer_comite", args=[cle]), seance=seance.pk)
    tenir(seance)
    bureau.valider(reverse("seances:animer", args=[seance.pk]), bouton="Commencer ce point")
    assert TITRE in bureau.lire()
    assert "Commencer ce point" not in bureau.lire()
    return seance


def _proposer(bureau: Guichet, ecran: Page, projet: Projet) -> None:
    ecran.goto(reverse("contrat_ville:preparer_comite", args=[TECHNIQUE]))
    controler(ecran)
    seance = _tenir(bureau, TECHNIQUE)
    lien = seance.points.get().liens_dossiers.get()
    bureau.valider(
        reverse("seances:decider_dossier", args=[lien.pk, "proposer"]),
        **{f"montant_{metropole().pk}": "600"},
        motif="Utile à la dalle.",
    )
    projet.refresh_from_db()
    assert (projet.etat, projet.avis_technique) == ("propose", "favorable")


def _arreter(entrer, bureau: Guichet, ecran: Page, projet: Projet) -> None:
    """The Métropole lowers its amount on a phone; the room screen shows it; the year is adopted."""
    programmation = projet.programmation
    seance = _tenir(bureau, PILOTAGE)
    bureau.valider(
        reverse("contrat_ville:creer_scenario", args=[programmation.pk]), nom="Équilibré", depart="propose"
    )
    assert "dépassée de 100" in bureau.lire("r-enveloppes")
    scenario = programmation.scenarios.get()
    ecran.goto(scenario.get_absolute_url())
    direction = Direction.objects.first()
    Partenaire.objects.filter(pk=metropole().pk).update(direction=direction)
    financeur = entrer(agent_de_direction(direction), TELEPHONE)
    financeur.goto(scenario.get_absolute_url())
    financeur.locator(f"#montant_{projet.financements.get().pk}").fill("450")
    financeur.locator(f"#p-{projet.pk} button").click()
    expect(ecran.locator("#r-enveloppes")).to_contain_text("reste 50")
    controler(financeur)
    ecran.goto(reverse("contrat_ville:arreter_programmation", args=[scenario.pk]))
    controler(ecran)
    bureau.valider(reverse("contrat_ville:arreter_programmation", args=[scenario.pk]), seance=seance.pk)
    projet.refresh_from_db()
    assert (projet.etat, projet.financements.get().accorde) == ("retenu", Decimal(450))
    assert seance.points.get().liens_dossiers.get().decision == "retenir"


def _notifier(bureau: Guichet, ecran: Page, telephone: Guichet, projet: Projet) -> None:
    telephone.aller(projet.get_porteur_url())
    assert "450" not in telephone.lire()
    bureau.valider(reverse("contrat_ville:preparer_lettre", args=[projet.pk]))
    document = Document.objects.get(dossier=projet.pk)
    assert fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open("rb") as fichier:
        signee = fichier.read()
    bureau.aller(reverse("contrat_ville:joindre_lettre_signee", args=[projet.pk]))
    bureau.joindre("lettre.pdf", signee, "application/pdf")
    bureau.valider()
    bureau.valider(reverse("contrat_ville:notifier", args=[projet.pk]))
    assert "Dite à l’équipe" in bureau.lire("decision")
    ecran.goto(bureau.adresse)
    controler(ecran)
    assert bytes(PieceCourriel.objects.get(courriel__dossier=projet.pk).contenu) == signee
    telephone.aller(projet.get_porteur_url())
    assert "450" in telephone.lire("decision")


def _accompagner(bureau: Guichet, telephone: Guichet, projet: Projet) -> None:
    jour = timezone.localdate().isoformat()
    for acte, champs in (
        ("conventionner", {"numero": "CDV-1", "date_signature": jour}),
        ("demarrer", {}),
        ("noter_accompagnement", {"nature": "visite", "date": jour, "texte": "Les bacs sont posés."}),
        ("attendre_bilan", {}),
    ):
        bureau.valider(reverse(f"contrat_ville:{acte}", args=[projet.pk]), **champs)
    assert "Les bacs sont posés." in bureau.lire("apres")
    telephone.aller(reverse("contrat_ville:rendre_bilan", args=[projet.pk]))
    depense = projet.budget.get(sens="depense")
    telephone.valider(
        realise="Huit bacs, cent voisins.", changements="On se parle.",
        ecarts="La subvention n’est pas encore versée.", **{f"l{depense.pk}": "950,20"},
    )  # fmt: skip
    assert "Relisez" in telephone.lire()
    telephone.valider()
    assert "bilan reçu" in telephone.lire().lower()
    bureau.valider(reverse("contrat_ville:publier_fiche", args=[projet.pk]))


def _lire_la_fiche(entrer, projet: Projet) -> None:
    passante = entrer(None, TELEPHONE, color_scheme="dark")
    passante.goto(reverse("contrat_ville:soutenus"))
    passante.get_by_role("link", name=TITRE).click()
    expect(passante.locator("main")).to_contain_text("Un jardin tenu par les voisins.")
    expect(passante.locator("main")).to_contain_text("450")
    controler(passante)
