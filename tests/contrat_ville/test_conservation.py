"""Retention and limits: old drafts, Dauphin files, invitations sent by a script."""

from datetime import datetime, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import budget
from contrat_ville.models import (
    DossierImporte,
    Equipier,
    ImportDauphin,
    LigneImportee,
    Projet,
    ReglementDepot,
    TypePiece,
)
from contrat_ville.porteurs import conservation
from contrat_ville.workflow import Etat
from participation.socle.models import Courriel, Piece
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.site.robustesse.test_robustesse_formulaires import CHAMP
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def regle():
    ReglementDepot.objects.all().delete()
    return ReglementDepot.objects.create(
        version="d’essai",
        en_vigueur_du=timezone.localdate() - timedelta(days=900),
        source="Essai.",
        peremption_jours=100,
        preavis_jours=20,
        conservation_imports_mois=6,
    )


def vieillir(projet, jours, **champs):
    Projet.objects.filter(pk=projet.pk).update(
        modifie_le=timezone.localtime() - timedelta(days=jours), **champs
    )


def test_a_draft_is_erased_on_the_day_that_its_letter_gave(regle, brouillon, time_machine):
    """The periodic task starts at a slightly different second each day.

    A delay in spans of 24 hours erased the draft a day late one time in two. A later change of the règlement
    does not move the day announced.
    """
    aujourd_hui = timezone.localdate()
    vieillir(brouillon, 81)
    statuts = []
    for jours, heure in ((0, "06:00:09"), (19, "23:59:00"), (20, "06:00:01")):
        jour = datetime.combine(aujourd_hui + timedelta(days=jours), time.fromisoformat(heure))
        time_machine.move_to(timezone.make_aware(jour))
        statuts.append(conservation.suivre_les_brouillons())
        ReglementDepot.objects.update(preavis_jours=1)

    assert statuts == [(1, 0), (0, 0), (0, 1)]


def test_a_draft_that_nobody_writes_is_told_then_erased_with_all_it_held(
    regle, brouillon, porteuse, time_machine
):
    brouillon_du_depot.dire_porteur(
        brouillon, par=porteuse, nature="collectif", nom="Collectif du banc", siret=None
    )
    brouillon_du_depot.enregistrer_brouillon(brouillon, par=porteuse, objet="Le secret du banc.")
    brouillon_du_depot.joindre_au_projet(
        brouillon,
        par=porteuse,
        type_piece=TypePiece.objects.first(),
        fichier=SimpleUploadedFile("a.txt", b"Un papier."),
    )
    depose = ProjetFactory()
    vieillir(depose, 500)
    vieillir(brouillon, 79)
    assert conservation.suivre_les_brouillons() == (0, 0)

    vieillir(brouillon, 81)
    assert conservation.suivre_les_brouillons() == (1, 0)
    assert conservation.suivre_les_brouillons() == (0, 0)  # one letter
    (lettre,) = Courriel.objects.filter(acte="contrat_ville/prevenir_peremption")
    assert lettre.destinataires == [porteuse.courriel]

    # Edited again: the delay restarts.
    budget.ecrire_budget(brouillon, par=porteuse, lignes=[])
    Projet.objects.filter(pk=brouillon.pk).update(
        peremption_dite_le=timezone.localtime() - timedelta(days=21)
    )
    assert conservation.suivre_les_brouillons() == (0, 0)

    vieillir(brouillon, 101, peremption_dite_le=timezone.now())
    time_machine.move_to(timezone.localtime() + timedelta(days=21))
    assert conservation.suivre_les_brouillons() == (0, 1)

    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.titre, brouillon.objet) == (Etat.RETIRE, "Brouillon effacé", "")
    assert brouillon.porte_par is None
    assert brouillon.auteur is None
    assert not Equipier.objects.filter(projet=brouillon).exists()
    assert not Piece.objects.filter(dossier=brouillon.pk).exists()
    assert not Courriel.objects.filter(dossier=brouillon.pk).exists()
    depose.refresh_from_db()
    assert depose.etat == Etat.DEPOSE
    assert conservation.suivre_les_brouillons() == (0, 0)


def test_an_old_file_of_dauphin_goes_with_its_rows_and_says_so(client, regle):
    agent, projet = CompteFactory(agent=True), ProjetFactory()
    choisi = ImportDauphin.objects.create(
        nom="vieux.csv",
        entetes=["code"],
        etat="fini",
        par=agent,
        cree_le=timezone.localtime() - timedelta(days=220),
    )
    choisi.fichier.save("vieux.csv", ContentFile(b"code\n1"))
    dossier = DossierImporte.objects.create(
        import_dauphin=choisi, code="00012345-1", exercice=2028, rang=2, projet=projet
    )
    LigneImportee.objects.create(import_dauphin=choisi, dossier=dossier, numero=2, valeurs=["Mme Untel"])
    recent = ImportDauphin.objects.create(nom="neuf.csv", entetes=["code"], etat="fini", par=agent)

    assert conservation.purger_imports() == 1
    assert conservation.purger_imports() == 0

    assert not LigneImportee.objects.exists()
    client.force_login(agent)
    assert "ont été effacés le" in client.get(choisi.get_absolute_url()).content.decode()
    assert "ont été effacés le" not in client.get(recent.get_absolute_url()).content.decode()
    assert Projet.objects.filter(pk=projet.pk).exists()


def test_a_script_that_begins_drafts_is_stopped_by_person_and_by_network(client, regle, porteuse, settings):
    settings.LIMITES = {**settings.LIMITES, "commencer.reseau": "5/h/key"}
    ReglementDepot.objects.update(brouillons_par_personne=2)
    adresse = reverse("contrat_ville:commencer", args=[ProgrammationFactory().annee])
    client.force_login(porteuse)

    pages = [client.post(adresse, {"titre": f"Brouillon {n}"}) for n in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 200]
    assert "Vous avez déjà 2 brouillons" in pages[-1].content.decode()

    client.force_login(CompteFactory())
    pages = [client.post(adresse, {"titre": f"Encore {n}"}) for n in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 200]
    assert "depuis votre connexion" in pages[-1].content.decode()
    assert "Encore 2" in pages[-1].content.decode()
    assert Projet.objects.count() == 4


def test_forty_kilobytes_in_each_field_are_refused_with_a_sentence_and_kept(client, brouillon, porteuse):
    client.force_login(porteuse)
    long = "é" * 40_000
    for etape in ("porteur", "projet", "publics", "moyens", "budget"):
        adresse = reverse("contrat_ville:rediger", args=[brouillon.pk, etape])
        noms = set(CHAMP.findall(client.get(adresse).content.decode())) - {"vu", "csrfmiddlewaretoken"}
        saisie = {nom: "4" if nom.endswith("_FORMS") else long for nom in noms}

        reponse = client.post(adresse, saisie)

        assert reponse.status_code == 200, etape
        assert 'aria-invalid="true"' in reponse.content.decode(), etape
    brouillon.refresh_from_db()
    assert brouillon.description == ""
    assert not brouillon.budget.exists()
