"""Reference tables in the admin: staff only, in French, and no deletion of what is used."""

import html
import io
import json
import re

import pikepdf
import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml.html import document_fromstring
from PIL import Image

from participation.socle.collectivite import collectivite, ici
from participation.socle.courriels.message import rendre_html
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.models import (
    AuditAccessibilite,
    Commune,
    Courriel,
    Direction,
    PageAuditee,
    Quartier,
    ReglageService,
)
from remontees.models import ReglementRemontees
from tests.outils import jour, lire
from tests.remontees.factories import RemonteeFactory
from tests.seances.factories import ReglementInstanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administratrice(client):
    compte = CompteFactory(is_staff=True, is_superuser=True)
    client.force_login(compte)
    return compte


@pytest.mark.parametrize(
    "modele", ["commune", "quartier", "direction", "reglageservice", "auditaccessibilite", "referencelegale"]
)
def test_each_table_opens(client, administratrice, modele):
    page = client.get(reverse(f"admin:socle_{modele}_changelist"), follow=True)

    assert page.status_code == 200
    assert "Tables de référence" in page.content.decode()


def test_the_index_lists_the_tables_in_french(client, administratrice):
    page = client.get("/reference/").content.decode()

    assert "Quartiers prioritaires" in page
    assert "Réglages du service" in page


def contour(*cotes):
    ouest, sud, est, nord = cotes
    anneau = [[ouest, sud], [est, sud], [est, nord], [ouest, nord], [ouest, sud]]
    trace = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [anneau]}}
    return SimpleUploadedFile("commune.geojson", json.dumps(trace).encode())


def test_a_commune_is_added_with_its_tile_and_its_contour_and_never_deleted(client, administratrice):
    dite = {
        "nom": "Étrembert", "code_insee": "99101", "population": 900, "siren": "", "codes_postaux": "99100",
        "longitude": 5.7, "latitude": 45.1, "sigle": "ETB", "tuile_x": 9, "tuile_y": 9, "courriel": "",
        "quartiers-TOTAL_FORMS": 0, "quartiers-INITIAL_FORMS": 0,
    }  # fmt: skip
    grenoble = Commune.objects.get(nom="Grenoble")
    url = reverse("admin:socle_commune_add")

    prise = {**dite, "tuile_x": grenoble.tuile_x, "tuile_y": grenoble.tuile_y}
    assert "Une autre commune occupe déjà cette tuile." in client.post(url, prise).content.decode()
    ailleurs = client.post(url, {**dite, "contour": contour(1.0, 47.0, 1.1, 47.1)}).content.decode()
    assert "n’est pas dans ce contour" in ailleurs
    for octets in (b"[1]", b"[" * 50_000, contour(5.6, float("inf"), 5.8, 45.2).read()):
        illisible = {**dite, "contour": SimpleUploadedFile("a.geojson", octets)}
        assert "n’est pas le contour d’une commune" in client.post(url, illisible).content.decode()
    assert not Commune.objects.filter(pk="99101").exists()

    assert client.post(url, {**dite, "contour": contour(5.6, 45.0, 5.8, 45.2)}).status_code == 302

    neuve = Commune.objects.get(pk="99101")
    assert neuve.cle_tri == "etrembert"
    assert neuve.trace.geometrie["type"] == "Polygon"
    assert collectivite().communes == 50
    assert client.post(reverse("admin:socle_commune_delete", args=[grenoble.pk])).status_code == 403


def test_who_runs_the_site_is_seen_before_it_is_saved(client, administratrice):
    url = reverse("admin:socle_reglageservice_change", args=[1])
    dite = {"nom": "Grand Marnac", "article": "le", "nature": "agglomeration", "nom_service": "Participer"}

    vue = client.post(url, {**dite, "voir": "on"}).content.decode()
    assert (
        "Les pétitions adressées au Grand Marnac : le conseil communautaire en débat, la Communauté répond."
        in vue
    )
    assert ReglageService.actuel().nom == "Grenoble-Alpes Métropole"

    client.post(url, dite)
    assert "Participer, Grand Marnac" in client.get("/mentions-legales/").content.decode()
    assert LogEntry.objects.filter(object_id="1").exists()


def test_an_article_of_law_is_seen_then_corrected_once_for_all_that_cites_it(client, administratrice):
    url = reverse("admin:socle_referencelegale_change", args=["transmission"])
    neuf = {"articles": "L999-1 et L999-2", "texte": "le code des essais"}
    phrase = "articles L999-1 et L999-2 du code des essais"
    avant = ici("{loi_transmission}")

    vue = client.post(url, {**neuf, "voir": "on"}).content.decode()

    assert phrase in vue
    assert ici("{loi_transmission}") == avant != phrase
    assert client.post(url, neuf).status_code == 302
    assert ici("{loi_transmission}") == phrase
    assert (
        client.post(reverse("admin:socle_referencelegale_delete", args=["transmission"])).status_code == 403
    )


def test_a_colour_and_a_logo_are_on_each_page_letter_and_document(client, administratrice):
    url = reverse("admin:socle_reglageservice_change", args=[1])
    dite = {"nom": "Marnac", "nature": "agglomeration", "nom_service": "Participer", "couleur": "#FFCC00"}
    for faux in (b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        page = client.post(url, {**dite, "nouveau_logo": SimpleUploadedFile("l.png", faux)}).content.decode()
        assert "n’est pas une image PNG, JPEG ou WebP" in page
    assert client.get(reverse("socle:logo")).status_code == 404
    dessin = io.BytesIO()
    Image.new("RGB", (3000, 1000), "red").save(dessin, "JPEG", exif=b"Exif\x00\x00secret")

    client.post(url, {**dite, "nouveau_logo": SimpleUploadedFile("l.jpg", dessin.getvalue())})

    accueil = client.get("/").content.decode()
    (feuille,) = re.findall(r'href="(/couleurs/ffcc00\.css)"', accueil)
    assert "--metropole: #" in client.get(feuille).content.decode()
    assert accueil.count('class="marque-logo"') == 2
    montre = Image.open(io.BytesIO(client.get(reverse("socle:logo")).content))
    assert (montre.format, montre.size) == ("PNG", (720, 240))
    ton = collectivite().ton_clair
    assert f"background: {ton};" in rendre_html("Bonjour", "Un mot.", "Participer <a@example.org>")
    html = '<html lang="fr"><head><title>A</title></head><body><p class="tete-service">A</p><h1>A</h1></body></html>'
    with pikepdf.open(io.BytesIO(fabriquer_pdf(html))) as pdf:
        assert any("/XObject" in page.Resources for page in pdf.pages)

    client.post(url, {**dite, "couleur": "", "sans_logo": "on"})
    assert "marque-logo" not in client.get("/").content.decode()
    assert "/couleurs/" not in client.get("/").content.decode()


def test_the_settings_of_the_service_are_one_row(client, administratrice):
    assert client.get(reverse("admin:socle_reglageservice_add")).status_code == 403


def test_a_direction_does_not_depend_on_itself(client, administratrice):
    haute = DirectionFactory(nom="Haute")
    basse = DirectionFactory(nom="Basse", superieure=haute)
    url = reverse("admin:socle_direction_change", args=[haute.pk])

    page = client.post(url, {"nom": "Haute", "superieure": basse.pk, "est_active": "on"})

    assert "ne peut pas dépendre d’elle-même" in page.content.decode()
    assert Direction.objects.get(pk=haute.pk).superieure is None


def test_what_serves_is_not_deleted_and_the_page_says_by_what(client, administratrice):
    quartier, remontee = Quartier.objects.create(nom="Essai", commune_id="38185"), RemonteeFactory()
    remontee.quartiers.add(quartier)
    adresse = reverse("admin:socle_quartier_delete", args=[quartier.pk])

    page = client.post(adresse, {"post": "yes"}).text

    assert "sert encore" in page
    assert str(remontee.dossier_ptr) in html.unescape(page)
    remontee.quartiers.clear()
    assert client.post(adresse, {"post": "yes"}).status_code == 302
    assert not Quartier.objects.filter(pk=quartier.pk).exists()


def test_rules_that_have_come_into_force_are_kept(client, administratrice):
    en_vigueur = ReglementRemontees.objects.en_vigueur()

    adresse = reverse("admin:remontees_reglementremontees_delete", args=[en_vigueur.pk])

    assert client.post(adresse, {"post": "yes"}).status_code == 403


def test_an_account_is_invited_again_for_each_role_and_loses_its_second_factor(client, administratrice):
    agente, partie = CompteFactory(agent=True), CompteFactory(agent=True, is_active=False)
    Authenticator.objects.create(user=agente, type="totp", data={})
    liste = reverse("admin:socle_compte_changelist")
    choix = {"_selected_action": [agente.pk, partie.pk]}

    page = client.post(liste, {**choix, "action": "inviter"}, follow=True)
    assert "Invitations envoyées : 1." in page.content.decode()
    (lettre,) = Courriel.objects.all()
    assert lettre.destinataires == [agente.courriel]

    client.post(liste, {**choix, "action": "retirer_second_facteur"})
    assert not Authenticator.objects.exists()

    # Who administers alone does not close her own account, and is not told that she did.
    siens = {
        "_selected_action": [administratrice.pk, agente.pk],
        "action": "fermer_comptes",
        "confirme": "oui",
    }
    page = lire(client.post(liste, siens, follow=True))
    assert "Ce compte est le dernier administrateur." in page
    assert "Comptes fermés : 1." in page


def test_two_administrators_on_one_row_overwrite_nothing_unread(client, administratrice):
    client.force_login(administratrice)
    direction = DirectionFactory(nom="Eau", sigle="EAU")
    adresse = reverse("admin:socle_direction_change", args=[direction.pk])

    def ouvrir():
        (forme,) = document_fromstring(client.get(adresse).content.decode()).xpath(
            "//form[@id='direction_form']"
        )
        return f"{adresse}{forme.get('action')}", {
            n: v or "" for n, v in forme.form_values() if n != "_addanother"
        }

    (une, dites), (autre, encore) = ouvrir(), ouvrir()
    assert client.post(une, {**dites, "nom": "Eaux et rivières"}).status_code == 302
    assert client.post(une, {**dites, "nom": "Eaux et rivières"}).status_code == 302, (
        "Sent twice: no conflict."
    )
    refusee = client.post(autre, {**encore, "sigle": "EA"})
    assert "il est écrit : « Eaux et rivières »" in lire(refusee)
    direction.refresh_from_db()
    assert (direction.nom, direction.sigle) == ("Eaux et rivières", "EAU")

    # A column that is a list of words, as well as one that names rows.
    regle = ReglementInstanceFactory(majorites_admises=["simple"])
    assert client.get(reverse("admin:seances_reglementinstance_change", args=[regle.pk])).status_code == 200

    reprise, relues = ouvrir()
    assert client.post(reprise, {**relues, "sigle": "EA"}).status_code == 302
    direction.refresh_from_db()
    assert (direction.nom, direction.sigle) == ("Eaux et rivières", "EA")


def test_two_administrators_on_one_role_overwrite_nothing_unread(client, administratrice):
    client.force_login(administratrice)
    agente = CompteFactory(agent=True)
    (role,) = agente.appartenances.all()
    adresse = reverse("admin:socle_compte_change", args=[agente.pk])

    def ouvrir():
        (forme,) = document_fromstring(client.get(adresse).content.decode()).xpath(
            "//form[@id='compte_form']"
        )
        dites = {n: v or "" for n, v in forme.form_values() if n != "_addanother" and "__prefix__" not in n}
        return f"{adresse}{forme.get('action')}", dites

    (une, dites), (autre, encore) = ouvrir(), ouvrir()
    fin, lit = "appartenances-0-jusqu_a", "appartenances-0-lit_les_reserves"
    assert client.post(une, {**dites, fin: jour(30).isoformat()}).status_code == 302
    refusee = client.post(autre, {**encore, lit: "on"})
    assert "Cette ligne a changé pendant que vous l’écriviez" in lire(refusee)
    role.refresh_from_db()
    assert (role.jusqu_a, role.lit_les_reserves) == (jour(30), False)
    (reprise,) = document_fromstring(refusee.content.decode()).xpath("//form[@id='compte_form']")
    relues = {n: v or "" for n, v in reprise.form_values() if n != "_addanother" and "__prefix__" not in n}
    assert (
        client.post(f"{adresse}{reprise.get('action')}", {**relues, fin: jour(30).isoformat()}).status_code
        == 302
    )
    role.refresh_from_db()
    assert (role.jusqu_a, role.lit_les_reserves) == (jour(30), True)


def test_the_gaps_of_an_audit_are_on_its_own_pages(client, administratrice):
    audits = [
        AuditAccessibilite.objects.create(
            date=jour(-un), auditeur="Cabinet", criteres_applicables=60, criteres_conformes=45 + un
        )
        for un in (0, 1)
    ]
    sienne, _autre = [PageAuditee.objects.create(audit=audit, nom="Accueil", adresse="/") for audit in audits]
    liste = client.get(reverse("admin:socle_auditaccessibilite_changelist")).content.decode()
    assert "75 %" in liste
    assert audits[0].mention in liste

    fiche = client.get(reverse("admin:socle_auditaccessibilite_change", args=[audits[0].pk]))
    (ecarts,) = [f.formset for f in fiche.context["inline_admin_formsets"] if f.formset.prefix == "ecarts"]
    assert [*ecarts.empty_form.fields["page"].queryset] == [sienne]
