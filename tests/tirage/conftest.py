"""A draw led by its acts, as far as a test needs."""

import pytest
from django.utils import timezone

from participation.tirage import quotas
from participation.tirage.models import Tirage
from participation.tirage.tasks import calculer
from tests.outils import jour
from tests.tirage.mene import QUOTAS, REGLE, graine, lisible, tableau


@pytest.fixture
def prepare(agent):
    tirage = quotas.preparer_tirage(
        par=agent,
        date_graine=jour(0),
        tirage_le=timezone.localtime().replace(
            hour=23, minute=59, second=59, microsecond=999_999
        ),  # the day of the seed
        **REGLE,
    )
    quotas.regler_quotas(tirage, par=agent, quotas=quotas.lire_quotas(QUOTAS, tirage.places))
    return Tirage.objects.get(pk=tirage.pk)


@pytest.fixture
def poster(connecte, prepare):
    """Post an act of the draw, as the agent's browser does, and return the draw as it is then."""

    def faire(acte, *, refuse=False, **dit):
        reponse = connecte.post(f"/tirages/{prepare.pk}/{acte.replace('_', '-')}/", dit)
        assert reponse.status_code == (200 if refuse else 302), reponse.content.decode()[:3000]
        return lisible(reponse) if refuse else Tirage.objects.get(pk=prepare.pk)

    return faire


@pytest.fixture
def publie(poster):
    poster("importer_volontaires", fichier=tableau())
    poster("figer")
    tirage = poster("semer", texte_graine=graine())
    poster("calculer")
    calculer(tirage.pk)
    return poster("publier_panels")


@pytest.fixture
def tire(poster, publie):
    return poster("tirer", boules="042")
