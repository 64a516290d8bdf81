"""URLs of the site: their form, and how they are masked in logs."""

import logging
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from gunicorn.config import Config

from participation.serveur import Journal
from participation.socle.http.journaux import DEBUT, masquer, portes_secretes
from participation.socle.liens import NUMERO_MAX, SECRETS, Lien, LienExpire
from participation.socle.models import Compte, ReglageService, Scelle
from remontees.models import Remontee
from tests.remontees.factories import RemonteeFactory
from tests.socle.factories import CompteFactory

PORTES = sorted(set(portes_secretes()))


def routes(motifs: Iterable = (), avant: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return the URL patterns of the site, without those of the libraries."""
    for motif in motifs or get_resolver().url_patterns:
        if not isinstance(motif, URLResolver):
            yield avant + str(motif.pattern), motif
        elif motif.app_name != "admin" and "allauth" not in str(motif.urlconf_name):
            yield from routes(motif.url_patterns, avant + str(motif.pattern))


# Signed links


def test_a_link_opens_the_row_that_it_was_signed_for_and_nothing_else(db):
    compte, autre = CompteFactory.create_batch(2)
    comptes = Compte.objects.all()

    assert Lien("essai").ouvrir(Lien("essai").jeton(compte), comptes) == compte
    assert Lien("essai").trouver_precis(Lien("essai").jeton(compte, 3), comptes) == (compte, 3)
    assert (
        Lien("essai", est_court=True).trouver(Lien("essai", est_court=True).jeton(compte), comptes) == compte
    )
    assert Lien("essai").trouver(Lien("essai").jeton(compte), comptes.exclude(pk=compte.pk)) is None
    assert Lien("essai").trouver_precis(Lien("essai").jeton(compte), comptes) is None
    bon = Lien("essai").jeton(compte)
    for faux in (
        Lien("autre").jeton(compte),
        Lien("essai").jeton(compte, 3),
        bon[:-1],
        bon.replace(str(compte.pk), str(autre.pk), 1),
        Lien("essai").sceller(compte.pk, autre.sceau),
        "é",
        "",
    ):
        assert Lien("essai").trouver(faux, comptes) is None, faux
    # In a list that somebody else wrote, the first that is ours.
    assert Lien("essai").trouver_parmi(["x", f"{autre.pk}:x:y", bon], comptes) == compte


@pytest.mark.parametrize("corps", ["0", "-1", str(NUMERO_MAX + 1), "1" * 5000, "²", "1-2-3", "x"])
def test_what_is_no_number_of_a_row_opens_nothing(db, corps):
    sceau = uuid.uuid4()

    assert Lien("essai").trouver(Lien("essai")._signataire(sceau).sign(corps), Compte.objects.all()) is None


def test_a_link_with_a_term_stops_opening(db, time_machine):
    compte = CompteFactory()
    jeton = Lien("essai").jeton(compte)
    time_machine.move_to(timezone.localtime() + timedelta(days=2))

    assert Lien("essai", duree=timedelta(days=3)).ouvrir(jeton, Compte.objects.all()) == compte
    with pytest.raises(LienExpire):
        Lien("essai", duree=timedelta(days=1)).ouvrir(jeton, Compte.objects.all())


# A file, or what a page asks by script: nobody reads what they answer.
SANS_PAGE = (".zip", ".pdf", ".js", "<int:pk>/", "/jeton/")


def test_a_link_that_opens_nothing_says_so_and_how_to_get_another(client, db):
    """Cut by a mail program, altered, or what it opened is erased: never « Cette page n’existe pas », never « c’est fait »."""
    for chemin, motif in routes():
        if "jeton" not in motif.pattern.converters or chemin.endswith(SANS_PAGE):
            continue
        adresse = "/" + chemin.replace("<jeton:jeton>", "1:1xYV4t:IwUuLE92yOM8FStXZ3rMvP0l")
        reponse = client.get(adresse)
        if reponse.status_code == 405:
            reponse = client.post(adresse)
        assert reponse.status_code == 404, chemin
        dite = reponse.content.decode()
        assert "Ce lien ne" in dite, chemin
        assert "<h1" in dite, chemin
        assert "no-store" in reponse["Cache-Control"], chemin


@pytest.mark.usefixtures("marche")
def test_a_link_opens_no_other_row_that_a_restore_gave_its_number(client, monde):
    """Walk every kind of link that a model declares: a new kind must have its row in `monde`."""
    portes = [f"/{chemin}" for chemin, motif in routes() if set(motif.pattern.converters) == {"jeton"}]

    def montre(porte: str, jeton: str, methode: str = "get") -> tuple[int, str]:
        reponse = getattr(client, methode)(porte.replace("<jeton:jeton>", jeton))
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", reponse.content.decode())
        vus.add(jeton)
        for vu in vus:  # a page of refusal, drawn once in a walk, may cite the address of the first
            page = page.replace(vu, "")
        return reponse.status_code, page

    inconnu = f"{NUMERO_MAX}:1abc:def"
    vus = {inconnu}
    rien = {porte: montre(porte, inconnu) for porte in portes}
    gestes = [porte for porte in portes if rien[porte][0] == 405]  # a button of a page: it takes a POST alone
    portes = [porte for porte in portes if porte not in gestes]
    ouvrent: dict[str, list[str]] = {}
    installes = apps.get_models()  # another test of this process may have installed an app of its own
    for sel, lien in Lien.sortes.items():
        if lien.modele not in installes:
            continue
        assert issubclass(lien.modele, Scelle), sel
        lignes = lien.modele._default_manager
        ligne = lignes.first()
        assert ligne is not None, f"« monde » n’a pas de ligne de {lien.modele.__name__}"
        jeton = ligne.jeton() if lien is getattr(ligne, "LIEN", None) else lien.jeton(ligne)
        ouvrent[sel] = [porte for porte in portes if montre(porte, jeton) != rien[porte]]
        portes = [porte for porte in portes if porte not in ouvrent[sel]]
        courte = lien.adresse_courte(ligne) if lien.lettre else ""
        assert not courte or client.get(courte).status_code == 302

        # The same number, another row.
        lignes.filter(pk=ligne.pk).update(sceau=uuid.uuid4())

        assert lien.trouver_parmi([jeton], lignes.all()) is None, sel
        assert not courte or client.get(courte).status_code == 404
        for porte in ouvrent[sel]:
            assert montre(porte, jeton) == rien[porte], porte
        for porte in (*ouvrent[sel], *gestes):
            assert montre(porte, jeton, "post") == montre(porte, inconnu, "post"), porte
    # What opens no page: the short path, seen above, and what is cited in the headers of mails only.
    assert portes == ["/s/<jeton:jeton>/"]
    assert [sel for sel, siennes in ouvrent.items() if not siennes] == ["remontees.fil"]


def test_the_short_link_of_an_sms_opens_the_page_of_its_letter_for_a_time_and_no_other(
    client, db, settings, time_machine
):
    remontee = RemonteeFactory()
    adresse = Remontee.LIEN.adresse_courte(remontee)
    jeton = adresse.split("/")[2]

    assert adresse == f"/s/{jeton}/"
    assert len(jeton) < 30
    _, _, suivi, long, _ = client.get(adresse).url.split("/")
    assert (suivi, Remontee.LIEN.trouver(long, Remontee.objects.all())) == ("suivi", remontee)
    autre = "8" if jeton[4] == "9" else "9"
    for faux in (
        f"q{jeton[1:]}",
        f"{jeton[:4]}{autre}{jeton[5:]}",
        jeton[:-1],
        f"z{jeton}",
        "é",
        "r",
        "r" * 5000,
    ):
        assert client.get(f"/s/{faux}/").status_code == 404, faux
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une autre"
    assert client.get(adresse).status_code == 302
    time_machine.move_to(timezone.localtime() + timedelta(days=settings.SMS["LIEN_JOURS"] + 1))
    ReglageService.objects.update_or_create(pk=1, defaults={"telephone": "04 76 00 00 00"})
    passe = client.get(adresse)
    assert passe.status_code == 410
    assert "trop ancien" in passe.content.decode()
    assert "04 76 00 00 00" in passe.content.decode(), "It says whom to call for another one."


@pytest.mark.parametrize("heure", ["00:10", "12:00", "23:50"])
@pytest.mark.parametrize("jour", ["2026-11-28", "2027-03-27", "2027-06-12"])
def test_a_short_link_opens_as_many_days_at_any_hour_of_the_year(
    client, db, settings, time_machine, jour, heure
):
    """At 00:10 in Paris it is still the day before in UTC: the link stayed valid one day too long."""
    depart = datetime.fromisoformat(f"{jour}T{heure}").replace(tzinfo=timezone.get_default_timezone())
    time_machine.move_to(depart)
    adresse = Remontee.LIEN.adresse_courte(RemonteeFactory())
    statuts = []
    for jours in (0, 1):
        time_machine.move_to(depart + timedelta(days=settings.SMS["LIEN_JOURS"] + jours))
        statuts.append(client.get(adresse).status_code)

    assert statuts == [302, 410]


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
        "/seances/repondre/12:abc:def",
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
