"""Erasure of the needs of participants once the séance is over, and of a profile with its account."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances import tasks
from participation.seances.models import Inscription, Profil, Seance
from participation.socle.actions.comptes import fermer_compte
from tests.seances.factories import ConvieFactory, MembreFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def tenue_il_y_a(jours: int, **champs) -> Seance:
    fin = timezone.localtime() - timedelta(days=jours)
    return SeanceFactory(debut=fin - timedelta(hours=2), fin=fin, **champs)


def test_needs_are_erased_thirty_days_after_the_seance_and_not_before():
    ancien = ConvieFactory(seance=tenue_il_y_a(31), besoins=["garde"], precisions="Deux enfants, 3 et 5 ans")
    recent = ConvieFactory(seance=tenue_il_y_a(29), besoins=["garde"], precisions="Deux enfants")

    tasks.oublier_besoins()

    ancien.refresh_from_db()
    recent.refresh_from_db()
    assert (ancien.besoins, ancien.precisions) == ([], "")
    assert (recent.besoins, recent.precisions) == (["garde"], "Deux enfants")


def test_those_of_a_visit_are_erased_too_and_the_delay_is_a_setting(settings):
    settings.BESOINS_JOURS = 5
    visite = tenue_il_y_a(6, nature=Seance.Nature.VISITE)
    inscription = Inscription.objects.create(
        seance=visite, membre=MembreFactory(), besoins=["transport"], precisions="Fauteuil"
    )

    tasks.oublier_besoins()

    inscription.refresh_from_db()
    assert (inscription.besoins, inscription.precisions) == ([], "")


def test_usual_needs_stay_in_the_profile_until_the_account_is_closed():
    convie = ConvieFactory(seance=tenue_il_y_a(40), besoins=["boucle"])
    compte = convie.membre.compte
    Profil.objects.create(compte=compte, besoins=["boucle"], genre="femme", presentation="Usagère du tram")
    autre = Profil.de(CompteFactory())

    tasks.oublier_besoins()
    assert Profil.de(compte).besoins == ["boucle"]

    fermer_compte(compte, par=compte)
    assert not Profil.objects.filter(compte=compte).exists()
    assert Profil.objects.filter(pk=autre.pk).exists()


def test_the_page_on_personal_data_says_how_long(client, settings):
    settings.BESOINS_JOURS = 12

    page = client.get(reverse("socle:donnees_personnelles")).content.decode()

    assert "effacés 12 jours après elle" in page.replace("\u202f", " ").replace("\xa0", " ")
