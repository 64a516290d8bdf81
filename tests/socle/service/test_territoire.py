"""Bounds of the territory: from the communes of the base, wherever they are."""

import pytest
from django.core.cache import caches

from participation.socle.lectures import cartes
from participation.socle.models import Commune, Contour

pytestmark = pytest.mark.django_db


def test_the_bounds_and_the_centre_of_maps_are_those_of_the_communes():
    assert cartes.hors_du_territoire(45.18, 5.72) == ""
    assert cartes.hors_du_territoire(47.5, -0.4).startswith(
        "Ce point est hors du territoire : la latitude va de 44,9"
    )

    Contour.objects.all().delete()
    Commune.objects.update(longitude=-0.5, latitude=47.5)
    caches["processus"].clear()

    assert cartes.hors_du_territoire(47.51, -0.49) == ""
    assert cartes.hors_du_territoire(45.18, 5.72)
    assert cartes.carte([])["centre"] == (47.5, -0.5)
