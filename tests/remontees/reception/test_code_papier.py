"""A code on paper: who has no mailbox types it to follow what she said, or to say that she does not come."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.liens import LienInvalide, adresse_du_code
from remontees.models import Remontee
from tests.remontees.factories import RemonteeFactory
from tests.rencontres.factories import InscriptionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_a_code_opens_what_its_paper_is_about_however_it_is_typed_and_no_other(client):
    remontee, place = RemonteeFactory(), InscriptionFactory()
    code = Remontee.LIEN.code(remontee)

    ou = client.post("/ar/code/", {"code": f" {code.lower().replace('-', ' ')} "})["Location"]
    assert ou.startswith("/ar/remontees/suivi/")
    assert Client().get(ou).status_code == 200
    chiffres = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")  # those of an Arabic keyboard
    assert adresse_du_code(f"\u2068{code.translate(chiffres)}\u2069")
    assert adresse_du_code(type(place).LIEN.code(place)).startswith("/les-rencontres/ma-place/")

    autre = RemonteeFactory()
    for faux in (
        code.replace(str(remontee.pk), str(autre.pk), 1),
        f"Q{code[1:]}",
        code[:-1],
        "x" * 40_000,
        "\0",
    ):
        with pytest.raises(LienInvalide):
            adresse_du_code(faux)
    # After a restore, the number may be that of somebody else.
    Remontee.objects.filter(pk=remontee.pk).update(sceau=uuid.uuid4())
    assert client.post("/code/", {"code": code}).status_code == 422


def test_who_tries_codes_is_stopped_even_when_one_is_good(client, settings):
    settings.LIMITES = {**settings.LIMITES, "code_papier.reseau": "2/900s/key"}
    code = Remontee.LIEN.code(RemonteeFactory())

    essais = [
        client.post("/code/", {"code": faux}).status_code for faux in ("R1AAAAAAAA", "R2AAAAAAAA", code)
    ]

    assert essais == [422, 422, 429]


def test_a_desk_prints_the_code_of_what_it_noted_today_alone(client):
    accueil = CompteFactory(accueil=True)
    notee, ancienne, autre = (
        RemonteeFactory(auteur=accueil),
        RemonteeFactory(auteur=accueil),
        RemonteeFactory(),
    )
    Remontee.objects.filter(pk=ancienne.pk).update(ouvert_le=timezone.localtime() - timedelta(days=2))
    client.force_login(accueil)

    def imprimer(remontee):
        return client.get(reverse("remontees:remontee_sur_papier", args=[remontee.pk]))

    assert [imprimer(une).status_code for une in (ancienne, autre)] == [404, 404]
    papier = imprimer(notee)
    assert Remontee.LIEN.code(notee) in papier.content.decode()
    assert notee.titre not in papier.content.decode()  # a paper is lost
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    assert [imprimer(autre).status_code for _ in range(2)] == [200, 200]
    (ligne,) = autre.journal.filter(acte="montrer_code")
    assert (ligne.fait, ligne.par, ligne.est_publique) == (
        f"Code sur papier montré : {autre.reference}",
        agent,
        False,
    )
