"""Demonstration data: complete, loaded once, refused in production."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from ccspl.models import ReunionDuConseil
from participation.seances.models import Seance
from participation.socle.calendrier import est_ouvre
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Compte, Courriel, Entree
from petitions.models import FeuillePapier, Petition, Signature
from petitions.workflow import Etat
from tests.outils import lire

pytestmark = pytest.mark.django_db


def lancer(*options):
    sortie = StringIO()
    call_command("demo", *options, stdout=sortie)
    return sortie.getvalue()


def test_every_etat_is_shown_and_a_second_run_changes_nothing(demonstration, client):
    assert {p.etat for p in Petition.objects.all()} == set(Etat.values)
    assert Signature.objects.filter(etat="ecartee").exists()
    assert Courriel.objects.filter(etat="echec").exists()
    assert not Courriel.objects.filter(etat="a_envoyer").exists()
    assert set(FeuillePapier.objects.values_list("etat", flat=True)) == set(FeuillePapier.Etat.values)
    piste = Petition.objects.get(titre__startswith="Une piste cyclable")
    assert piste.decompte.total > 1500
    assert piste.decompte.communes >= 20
    assert [a.seuil.signatures for a in piste.seuils_atteints.order_by("atteint_le")] == [800, 1500]
    assert piste.copetitionnaires.confirmes().count() > 50
    dates = list(piste.journal.order_by("pk").values_list("le", flat=True))
    assert (dates[-1] - dates[0]).days > 300
    for petition in Petition.objects.filter(est_publie=True):
        assert client.get(petition.get_public_url()).status_code == 200, petition

    # Whatever the day, delays are of a few weeks at most, except one.
    client.force_login(Compte.objects.get(courriel=f"agent@{DOMAINE}"))
    journee = re.sub(r"<[^>]+>|\s+", " ", lire(client.get(reverse("socle:journee"))))
    retards = sorted(int(jours) for jours in re.findall(r"(\d+) jours? +de retard", journee))
    assert retards
    assert all(jours <= 31 for jours in retards[:-1]), str(retards)

    # Instances sit on working days, but for the séance that is shown open now.
    jours = [timezone.localdate(seance.debut) for seance in Seance.objects.exclude(etat="ouverte")]
    jours += ReunionDuConseil.objects.values_list("date", flat=True)
    assert len(jours) > 15
    assert [jour for jour in jours if not est_ouvre(jour)] == []

    avant = (Petition.objects.count(), Entree.objects.count(), Compte.objects.count())
    assert "déjà" in lancer()
    assert (Petition.objects.count(), Entree.objects.count(), Compte.objects.count()) == avant


def test_the_accounts_are_said_one_a_line():
    lignes = lancer("--comptes").splitlines()
    assert len(lignes) >= 8
    assert all("@demo.example.org" in ligne for ligne in lignes)
    assert not Compte.objects.exists()


def test_production_refuses_it(settings):
    settings.PRODUCTION = True
    for options in ([], ["--comptes"], ["--recommencer"]):
        with pytest.raises(CommandError):
            lancer(*options)
    assert not Compte.objects.exists()
    assert not FeuillePapier.objects.exists()
