"""An account blocked by the attempts of strangers: its owner signs in by a link received by email."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Courriel

pytestmark = pytest.mark.django_db
MOT_DE_PASSE = "trois-marmottes-au-soleil"


def essayer(visiteur: Client, mot_de_passe: str, courriel: str = "alma@example.org"):
    return visiteur.post(reverse("socle:mot_de_passe"), {"login": courriel, "password": mot_de_passe})


def test_strangers_of_every_network_hold_nobody_out_who_reads_her_mail(settings, client, time_machine):
    portes = dict.fromkeys(("mot_de_passe.boite", "code.boite", "oubli.boite"), "3/d/key")
    settings.LIMITES = {**settings.LIMITES, **portes}
    compte = ouvrir_compte("alma@example.org")
    compte.set_password(MOT_DE_PASSE)
    compte.save()
    for courriel in ("alma@example.org", "personne@example.org"):
        for rang in range(6):
            refus = essayer(Client(REMOTE_ADDR=f"203.0.{rang}.7"), "faux", courriel)
        assertContains(refus, "Si cette adresse a un compte, un courriel y est parti")
    for porte in ("account_request_login_code", "account_reset_password"):
        for rang in range(4):
            Client(REMOTE_ADDR=f"203.0.{rang}.7").post(reverse(porte), {"email": "alma@example.org"})

    lettre = Courriel.objects.get(acte="socle/proposer_cet_appareil")
    assert lettre.destinataires == ["alma@example.org"]
    lien = re.search(r"/mon-appareil/\S+", lettre.corps)[0]
    client.defaults["REMOTE_ADDR"] = "198.51.100.9"
    assert client.get(lien).status_code == 200
    assertContains(essayer(client, MOT_DE_PASSE), "Attendez un quart d’heure")

    assert client.post(lien).url.endswith("?courriel=alma%40example.org")
    assertContains(essayer(client, "faux"), "ne sont pas bons")
    # More browsers by the same link have no more attempts, until they sign in.
    serre = {**settings.LIMITES, "mot_de_passe.appareil": "2/d/key"}
    large, settings.LIMITES = settings.LIMITES, serre
    for visiteur in (client, autre := Client(REMOTE_ADDR="198.51.101.9")):
        visiteur.post(lien)
        assertContains(essayer(visiteur, "faux"), "ne sont pas bons")
    assertContains(essayer(autre, "faux"), "Attendez un quart d’heure")
    settings.LIMITES = large
    essayer(client, MOT_DE_PASSE)
    assert client.session["_auth_user_id"] == str(compte.pk)
    del client.cookies[settings.SESSION_COOKIE_NAME]
    settings.LIMITES = serre
    assertContains(essayer(client, "faux"), "ne sont pas bons")
    # The link opens no other account, and expires.
    assert client.get(lien[:-3] + "x/").status_code == 404
    time_machine.move_to(timezone.localtime() + timedelta(days=2))
    assert client.post(lien).status_code == 410
