"""URLs of the site: their form, and how they are masked in logs."""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from gunicorn.config import Config

from participation.serveur import Journal
from participation.socle.journaux import DEBUT, masquer, portes_secretes
from participation.socle.liens import NUMERO_MAX, SECRETS, Lien, LienExpire, LienInvalide
from remontees.models import Remontee

PORTES = sorted(set(portes_secretes()))


def routes(motifs: Iterable = (), avant: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return the URL patterns of the site, without those of the libraries."""
    for motif in motifs or get_resolver().url_patterns:
        if not isinstance(motif, URLResolver):
            yield avant + str(motif.pattern), motif
        elif motif.app_name != "admin" and "allauth" not in str(motif.urlconf_name):
            yield from routes(motif.url_patterns, avant + str(motif.pattern))


# Signed links


def test_a_link_gives_back_what_was_signed_and_opens_nothing_else():
    assert Lien("essai").lire(Lien("essai").jeton(12)) == 12
    assert Lien("essai").lire_plusieurs(Lien("essai").jeton(12, 3), 2) == (12, 3)
    assert Lien("essai", est_court=True).lire(Lien("essai", est_court=True).jeton(12)) == 12
    for faux in (Lien("autre").jeton(12), Lien("essai").jeton(12, 3), Lien("essai").jeton(12)[:-1], "é", ""):
        with pytest.raises(LienInvalide):
            Lien("essai").lire(faux)


@pytest.mark.parametrize("valeur", [0, -1, NUMERO_MAX + 1, True, "²", None, [], ["x", {}]])
def test_what_is_no_number_of_a_row_opens_nothing(valeur):
    with pytest.raises(LienInvalide):
        Lien("essai").lire(signing.dumps(valeur, salt="essai"))


def test_a_link_with_a_term_stops_opening(time_machine):
    jeton = Lien("essai").jeton(12)
    time_machine.move_to(timezone.localtime() + timedelta(days=2))

    assert Lien("essai", duree=timedelta(days=3)).lire(jeton) == 12
    with pytest.raises(LienExpire):
        Lien("essai", duree=timedelta(days=1)).lire(jeton)


def test_the_short_link_of_an_sms_opens_the_page_of_its_letter_for_a_time_and_no_other(
    client, db, settings, time_machine
):
    adresse = Remontee.LIEN.adresse_courte(12)
    jeton = adresse.split("/")[2]

    assert adresse == f"/s/{jeton}/"
    assert len(jeton) < 30
    _, _, suivi, long, _ = client.get(adresse).url.split("/")
    assert (suivi, Remontee.LIEN.lire(long)) == ("suivi", 12)
    for faux in (f"q{jeton[1:]}", f"{jeton[:4]}9{jeton[5:]}", jeton[:-1], f"z{jeton}", "é", "r"):
        assert client.get(f"/s/{faux}/").status_code == 404, faux
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une autre"
    assert client.get(adresse).status_code == 302
    time_machine.move_to(timezone.localtime() + timedelta(days=settings.SMS["LIEN_JOURS"] + 1))
    passe = client.get(adresse)
    assert passe.status_code == 410
    assert "trop ancien" in passe.content.decode()


@pytest.mark.parametrize("heure", ["00:10", "12:00", "23:50"])
@pytest.mark.parametrize("jour", ["2026-11-28", "2027-03-27", "2027-06-12"])
def test_a_short_link_opens_as_many_days_at_any_hour_of_the_year(
    client, db, settings, time_machine, jour, heure
):
    """At 00:10 in Paris it is still the day before in UTC: the link stayed valid one day too long."""
    depart = datetime.fromisoformat(f"{jour}T{heure}").replace(tzinfo=timezone.get_default_timezone())
    time_machine.move_to(depart)
    adresse = Remontee.LIEN.adresse_courte(12)
    statuts = []
    for jours in (0, 1):
        time_machine.move_to(depart + timedelta(days=settings.SMS["LIEN_JOURS"] + jours))
        statuts.append(client.get(adresse).status_code)

    assert statuts == [302, 410]


def test_links_already_sent_still_open():
    assert Lien("socle.demande").lire(signing.dumps(7, salt="socle.demande")) == 7
    assert Lien("suites.reponse").lire_plusieurs(signing.dumps([7, 8], salt="suites.reponse"), 2) == (7, 8)
    court = signing.Signer(salt="petitions.signature", sep=".").sign("7")
    assert Lien("petitions.signature", est_court=True).lire(court) == 7


# Logs


def test_each_route_with_a_signed_link_says_so():
    sans = [
        route
        for route, motif in routes()
        if "jeton" in motif.pattern.regex.groupindex
        and not isinstance(motif.pattern.converters.get("jeton"), SECRETS)
    ]

    assert sans == []


@pytest.mark.parametrize("porte", PORTES)
def test_no_log_keeps_what_follows_a_secret_door(porte):
    chemin = porte.replace("\\", "").replace("[^/]+", "12") + "SECRET"

    assert "SECRET" not in masquer(f"GET {chemin}/suite?x=1 404")
    assert DEBUT.match(chemin), "une ligne sans un tel début est écrite sans lire les routes"


def test_no_log_keeps_an_email_address_of_a_query():
    ligne = masquer('GET /comptes/login/?courriel=anne%2Bvelo%40exemple.fr&x=1 200 "/?q=anne@exemple.fr"')

    assert ligne == 'GET /comptes/login/?courriel=…@…&x=1 200 "/?q=…@…"'


def test_no_log_keeps_a_key_of_a_query():
    ligne = masquer(
        'GET /open311/v2/requests.json?api_key=SECRET&q=1 200 "/retour/?state=SECRET&code=SECRET"'
    )

    assert ligne == 'GET /open311/v2/requests.json?api_key=…&q=1 200 "/retour/?state=…&code=…"'


def test_no_log_keeps_the_key_of_a_new_password():
    assert "SECRET" not in masquer("GET /comptes/password/reset/key/3f-SECRET/ 404")


def test_gunicorn_masks_what_it_writes(capsys):
    journal = Journal(Config())
    try:
        (sortie,) = journal.error_log.handlers
        ligne = logging.LogRecord(
            "gunicorn.error", logging.ERROR, "", 1, "Error handling request /repondre/SECRET/", (), None
        )

        assert "SECRET" not in sortie.format(ligne)
    finally:
        journal.error_log.handlers.clear()


# Form


def test_each_address_ends_with_a_slash_or_as_a_file():
    formes = {
        route
        for route, _ in routes()
        # Open311 sets its own names: `requests.json`, `requests.xml`.
        if not re.search(r"(^|/|\.[a-z]+|\.\(\?P<extension>[a-z|]+\)|\.<forme_open311:forme>)\$?$", route)
    }

    # The last pattern answers the unknown URLs of Open311 in its own format.
    assert formes == {"^sante/?$", ".well-known/change-password", "open311/v2/^(?P<reste>.*)$"}, (
        "Les sondes ne suivent pas de redirection, et le web a choisi l’autre ; les autres adresses finissent par « / »."
    )


@pytest.mark.parametrize("methode", ["get", "post"])
def test_an_address_without_its_slash_leads_to_the_whole_one_with_what_was_sent(client, db, methode):
    """Links of old letters and forms opened before an update must still work."""
    for ancienne in (
        f"/seances/repondre/{Lien('seances.repondre').jeton(12)}",
        "/ccspl/tableau-de-bord?annee=2025",
        "/petitions",
        "/seances/12/convoquer",
    ):
        reponse = getattr(client, methode)(ancienne)
        chemin, _, requete = ancienne.partition("?")

        assert reponse.status_code == 308, ancienne
        assert reponse["Location"] == f"{chemin}/{'?' if requete else ''}{requete}"


def test_the_probe_is_answered_with_or_without_a_slash(client, db):
    assert client.get("/sante").status_code == client.get("/sante/").status_code == 503  # no worker here
