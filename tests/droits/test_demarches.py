"""A whole démarche is erased at once, with a visa: nobody is left in it, and what is published of it does not change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.droits.eliminations import actes
from participation.droits.eliminations.lectures import entieres, tient
from participation.droits.models import Bordereau
from participation.rencontres.models import Animateur
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Dossier
from petitions import pseudonymisation
from petitions.models import Petition
from tests.budgets.factories import forum_le, inscription_a, table_de
from tests.droits.outils import viser_tout
from tests.panels.factories import InscriptionFactory as InscriptionAuPanelFactory
from tests.panels.factories import PanelFactory
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.renouvellement.factories import CandidatureFactory
from tests.socle.factories import CompteFactory
from tests.socle.oubli.test_oubli import gardes, tables_ou
from tests.suites.factories import AbonnementFactory

pytestmark = pytest.mark.django_db

ADRESSE = "quelquun@example.org"
ANCIEN = timezone.localtime() - timedelta(days=900)


def une_petition():
    petition = PetitionFactory(
        close=True, nom_auteur="Zénobie Q.", conservation_jusqu_au=timezone.localdate() - timedelta(days=1)
    )
    SignatureFactory(petition=petition, confirmee=True, courriel=ADRESSE, courriel_canonique=ADRESSE)
    CoPetitionnaireFactory(petition=petition, confirme=True, courriel=ADRESSE, courriel_canonique=ADRESSE)
    return petition, lambda: Petition.objects.get(pk=petition.pk).signatures.valables().count()


def un_forum():
    forum = forum_le(-900, etat="tenu")
    inscription_a(forum, courriel=ADRESSE)
    table_de(forum, animateur="Zénobie", courriel=ADRESSE)
    return forum, lambda: forum.inscriptions.filter(etat="inscrite").count()


def un_panel():
    panel = PanelFactory(session=True, etat="clos", date_constitution=ANCIEN.date())
    InscriptionAuPanelFactory(panel=panel, courriel=ADRESSE)
    return panel, lambda: panel.inscriptions.count()


def une_rencontre():
    rencontre = RencontreFactory(etat="close", debut=ANCIEN, fin=ANCIEN + timedelta(hours=2))
    InscriptionFactory(evenement=rencontre, courriel=ADRESSE)
    Animateur.objects.create(rencontre=rencontre, nom="Zénobie", courriel=ADRESSE)
    return rencontre, lambda: rencontre.inscriptions.count()


def un_renouvellement():
    candidature = CandidatureFactory(courriel=ADRESSE, courriel_canonique=ADRESSE)
    campagne = candidature.campagne
    type(campagne).objects.update(
        etat="installee",
        arretee_le=ANCIEN,
        cloture=timezone.localdate() - timedelta(days=900),
        ouverture=ANCIEN.date(),
    )
    return campagne, lambda: campagne.candidatures.count()


@pytest.mark.parametrize(
    ("cle", "faire"),
    [
        ("petitions.entiere", une_petition),
        ("budgets.forum-entier", un_forum),
        ("panels.entier", un_panel),
        ("rencontres.entiere", une_rencontre),
        ("renouvellement.entier", un_renouvellement),
    ],
)
def test_nobody_is_left_and_no_figure_moves(cle, faire):
    agent = CompteFactory(agent=True)
    objet, publie = faire()
    if isinstance(objet, Dossier):
        AbonnementFactory(dossier=objet, courriel=ADRESSE)
        Courriel.objects.create(
            expediteur="s@x.fr", destinataires=[ADRESSE], sujet="A", corps="B", dossier=objet, etat="envoye"
        )
    avant = publie()
    bordereau = actes.preparer_demarche(Bordereau(), par=agent, demarche=f"{cle}:{objet.pk}")
    ligne = bordereau.lignes.get()
    assert ligne.nombre == sum(tient(entieres()[cle], objet).values()) > 0
    with pytest.raises(ErreurMetier, match="autre bordereau"):
        actes.preparer_demarche(Bordereau(), par=agent, demarche=f"{cle}:{objet.pk}")

    actes.poursuivre_elimination(bordereau.pk)
    assert tables_ou(ADRESSE), "sans visa, rien ne part"
    viser_tout(bordereau, agent)
    actes.poursuivre_elimination(bordereau.pk)

    bordereau.refresh_from_db()
    assert bordereau.etat == "elimine"
    assert tient(entieres()[cle], objet) == {}
    assert tables_ou(ADRESSE) <= set(gardes()) - {"petitions.Signature"}
    assert publie() == avant > 0


def test_a_demarche_that_is_not_over_is_not_erased_even_with_a_visa():
    agent = CompteFactory(agent=True)
    petition, _ = une_petition()
    bordereau = actes.preparer_demarche(Bordereau(), par=agent, demarche=f"petitions.entiere:{petition.pk}")
    viser_tout(bordereau, agent)
    Petition.objects.update(conservation_jusqu_au=timezone.localdate() + timedelta(days=9))

    actes.poursuivre_elimination(bordereau.pk)

    assert tables_ou(ADRESSE)
    assert bordereau.lignes.get().eliminee_le is None


def test_the_signers_of_a_petition_go_lot_by_lot_and_a_killed_worker_loses_no_count(monkeypatch):
    agent = CompteFactory(agent=True)
    petition, _ = une_petition()
    SignatureFactory(petition=petition, confirmee=True)
    bordereau = actes.preparer_demarche(Bordereau(), par=agent, demarche=f"petitions.entiere:{petition.pk}")
    viser_tout(bordereau, agent)
    monkeypatch.setattr(pseudonymisation, "LOT", 1)
    finir = pseudonymisation._oublier_les_autres
    monkeypatch.setattr(pseudonymisation, "_oublier_les_autres", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actes.poursuivre_elimination(bordereau.pk)
    assert not petition.signatures.exclude(nom="").exists()
    monkeypatch.setattr(pseudonymisation, "_oublier_les_autres", finir)

    actes.poursuivre_elimination(bordereau.pk)

    ligne = bordereau.lignes.get()
    assert ligne.elimines == ligne.nombre == 4
    assert ligne.eliminee_le is not None
