"""Yearly report: data of the year, two texts, a frozen PDF, publication."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from ccspl import rapport as actes_rapport
from ccspl.models import RapportAnnuel
from ccspl.rapport import annees, dire_l_arret, donnees_du_rapport
from participation.seances.models import Convie, EntreeInstance, Inscription, Membre
from participation.socle.actions.documents import fabriquer_document, rediger_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Document
from tests.ccspl.annee import college, membre, rendu, seance
from tests.outils import fautes_pdf, pdf_rapides, requetes
from tests.seances.factories import ConvieFactory, PointFactory, PresenceFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rangement")]
ANNEE = 2025


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def une_annee():
    habitants = college(sieges=3)
    venue = membre(habitants, fonction=Membre.Fonction.DELEGUE)
    absente = membre(habitants, suppleant=True, organisme="Les usagers de l’eau")
    membre(habitants, du=date(2025, 5, 1))
    membre(habitants, au=date(2025, 3, 1), motif_fin="Raison privée")
    tenue = seance(date(2025, 3, 10), [venue], [absente], titre="Plénière de mars")
    PointFactory(seance=tenue, titre="Rapport de l’eau")
    PointFactory(seance=tenue, titre="Point secret", est_confidentiel=True)
    visite = seance(date(2025, 6, 1), nature="visite", titre="Visite de l’usine")
    Inscription.objects.create(seance=visite, membre=venue, est_venu=True, note=5)
    avis = rendu(date(2025, 3, 10), "suivie", "non_suivie", "", titre="Prix de l’eau", saisine="auto")
    rendu(date(2024, 3, 10), "suivie", titre="Avis d’avant")
    return avis


def adresse(nom="rapport_annuel", annee=ANNEE):
    if nom == "rapport_annuel":
        return f"{reverse('ccspl:rapport_annuel')}?annee={annee}"
    return reverse(f"ccspl:{nom}", args=[annee])


def prepare(agent):
    """A report ready, with its PDF made."""
    actes_rapport.rediger_rapport(
        RapportAnnuel.de(ANNEE), par=agent, introduction="Une année pleine.", conclusions="Merci."
    )
    document = actes_rapport.preparer_rapport(RapportAnnuel.de(ANNEE), par=agent)
    assert fabriquer_document(document.pk)
    return RapportAnnuel.objects.get(annee=ANNEE)


def test_the_data_say_the_whole_year():
    avis = une_annee()

    donnees = donnees_du_rapport(ANNEE)

    assert json.loads(json.dumps(donnees)) == donnees
    assert donnees["cette_annee"]["avis"] == 1
    assert donnees["cette_annee"]["preconisations"] == 3
    assert donnees["annee_passee"]["preconisations"] == 1
    (habitants,) = donnees["composition"]
    assert (len(habitants["titulaires"]), len(habitants["suppleants"])) == (2, 1)
    assert any("délégation de collège" in nom for nom in habitants["titulaires"])
    assert (len(donnees["arrivees"]), len(donnees["departs"])) == (1, 1)
    (tenue,) = donnees["seances"]
    assert (tenue["presents"], tenue["attendus"], tenue["points"]) == (1, 1, ["Rapport de l’eau"])
    (dit,) = donnees["avis"]
    assert dit["titre"] == avis.titre
    assert [r["etat"] for r in dit["preconisations"]] == ["suivie", "non suivie", "pas encore transmise"]
    assert donnees["saisines"][0]["auto"] == 1
    assert donnees["rencontres"][0]["moyenne"] == 5.0
    assert "Raison privée" not in json.dumps(donnees, ensure_ascii=False)


def test_the_page_shows_the_avis_by_pages_and_the_document_all_of_them(client, agent, monkeypatch):
    monkeypatch.setattr(actes_rapport, "AVIS_PAR_PAGE", 1)
    une_annee()
    rendu(date(2025, 9, 1), "suivie", titre="Avis de septembre")

    premiere, seconde = (client.get(f"{adresse()}&page={n}").content.decode() for n in (1, 2))

    assert "Prix de l’eau" in premiere
    assert "Avis de septembre" not in premiere
    assert "Avis de septembre" in seconde
    assert "Prix de l’eau" not in seconde
    prepare(agent)
    actes_rapport.arreter_rapport(RapportAnnuel.de(ANNEE), par=agent)
    arretee = client.get(f"{adresse()}&page=2").content.decode()
    assert "Avis de septembre" in arretee
    assert "Prix de l’eau" not in arretee
    assert [a["titre"] for a in RapportAnnuel.de(ANNEE).document.donnees["avis"]] == [
        "Prix de l’eau",
        "Avis de septembre",
    ]


def test_a_seat_is_counted_once_whether_its_titulaire_or_a_substitute_came():
    habitants = college()
    venue, absente = membre(habitants), membre(habitants)
    tenue = seance(date(2025, 3, 10), [venue], [absente])
    for titulaire in Convie.objects.filter(seance=tenue):  # both substitutes came
        suppleante = membre(habitants, suppleant=True, suppleant_de=titulaire.membre)
        PresenceFactory(convie=ConvieFactory(seance=tenue, membre=suppleante, remplace=titulaire))

    (dite,) = donnees_du_rapport(ANNEE)["seances"]
    assert (dite["presents"], dite["attendus"]) == (2, 2)


def test_a_year_without_anything_is_a_report_without_error(client, agent):
    lue = client.get(adresse(annee=timezone.localdate().year - 1)).content.decode()
    assert "Aucune séance tenue cette année-là" in lue
    assert "Aucun avis rendu cette année-là" in lue


def test_the_report_of_a_year_that_is_not_over_says_so_and_counts_no_visit_to_come(client, agent):
    maintenant = timezone.localtime()
    with time_machine.travel(maintenant.replace(month=6, day=15, hour=12), tick=False):
        for jours in (-10, 10):
            debut = timezone.localtime() + timedelta(days=jours)
            SeanceFactory(
                mandature=college().mandature, nature="visite", debut=debut, fin=debut + timedelta(hours=2)
            )
        assert donnees_du_rapport(maintenant.year)["cette_annee"]["rencontres"] == 1
        rapport = RapportAnnuel.de(maintenant.year)
        assert "n’est pas finie" in dire_l_arret(rapport)
        rapport.annee -= 1
        assert "n’est pas finie" not in dire_l_arret(rapport)


def test_the_first_night_of_a_year_is_of_that_year(client, agent):
    nuit = timezone.make_aware(datetime(2025, 1, 1, 0, 30))
    SeanceFactory(mandature=college().mandature, nature="visite", debut=nuit)

    assert annees()[-1] == 2025
    page = client.get(reverse("ccspl:visites"))
    assert int(page.context["form"].fields["annee"].choices[-1][0]) == 2025


def test_a_year_that_nobody_offers_is_the_last_one(client, agent):
    assert client.get(adresse(annee=1789)).context["annee"] == timezone.localdate().year - 1
    assert client.post(adresse("preparer_rapport", 1789)).status_code == 404
    assert client.get(adresse("rediger_rapport", 99999)).status_code == 404


def test_the_report_goes_from_its_texts_to_the_public(client, agent):
    une_annee()
    client.post(adresse("rediger_rapport"), {"introduction": "Une année pleine.", "conclusions": "Merci."})
    client.post(adresse("preparer_rapport"))
    rapport = RapportAnnuel.objects.get()
    assert "Arrêter le rapport" not in client.get(adresse()).content.decode()
    assert fabriquer_document(rapport.document.pk)
    assert "Arrêter le rapport" in client.get(adresse()).content.decode()

    client.post(adresse("arreter_rapport"))

    rapport.refresh_from_db()
    assert rapport.arrete_le is not None
    assert rapport.document.fige_le is not None
    lue = client.get(adresse()).content.decode()
    assert rapport.document.sha256 in lue
    fichier = reverse("socle:document", args=[rapport.document.cle_publique])
    client.logout()
    assert client.get(fichier).status_code == 302

    client.force_login(agent)
    client.post(adresse("publier_rapport"))
    client.logout()
    lu = client.get(fichier)
    assert b"".join(lu.streaming_content)[:5] == b"%PDF-"
    for fermer in lu._resource_closers:  # not close(): it would close the connection of the test
        fermer()
    assert fichier in client.get(reverse("ccspl:bibliotheque")).content.decode()
    assert list(EntreeInstance.objects.order_by("pk").values_list("acte", flat=True)) == [
        "rediger_rapport",
        "preparer_rapport",
        "arreter_rapport",
        "publier_rapport",
    ]


def test_a_stopped_report_says_for_ever_what_it_said(client, agent, monkeypatch):
    pdf_rapides(monkeypatch)
    avis = une_annee()
    prepare(agent)
    actes_rapport.arreter_rapport(RapportAnnuel.de(ANNEE), par=agent)
    ligne = avis.preconisations.get(numero=2)
    ligne.suite.etat = "a_l_etude"
    ligne.suite.motif = ""
    ligne.suite.save()

    assert client.get(adresse()).context["cette_annee"]["non_suivies"] == 1
    for acte in (
        lambda: actes_rapport.rediger_rapport(
            RapportAnnuel.de(ANNEE), par=agent, introduction="x", conclusions=""
        ),
        lambda: actes_rapport.preparer_rapport(RapportAnnuel.de(ANNEE), par=agent),
        lambda: actes_rapport.arreter_rapport(RapportAnnuel.de(ANNEE), par=agent),
    ):
        with pytest.raises(ActeInterdit):
            acte()


def test_texts_changed_since_the_pdf_are_not_frozen_by_mistake(client, agent, monkeypatch):
    pdf_rapides(monkeypatch)
    une_annee()
    rapport = prepare(agent)
    actes_rapport.rediger_rapport(
        RapportAnnuel.de(ANNEE), par=agent, introduction="Autre début.", conclusions="Merci."
    )
    assert "refaites le PDF" in client.get(adresse()).content.decode()
    with pytest.raises(ErreurMetier, match="Les textes ont changé"):
        actes_rapport.arreter_rapport(RapportAnnuel.de(ANNEE), par=agent)

    actes_rapport.preparer_rapport(RapportAnnuel.de(ANNEE), par=agent)
    assert fabriquer_document(rapport.document.pk)
    actes_rapport.arreter_rapport(RapportAnnuel.de(ANNEE), par=agent)

    assert Document.objects.filter(nature="ccspl/rapport").count() == 1


def test_nothing_is_stopped_before_it_is_laid_out_nor_published_before_it_is_stopped(client, agent):
    seance(date(ANNEE, 3, 10))
    assert "Mettez d’abord" in client.post(adresse("arreter_rapport")).content.decode()
    assert client.post(adresse("publier_rapport")).status_code == 409


def test_two_windows_on_the_texts(client, agent):
    seance(date(ANNEE, 3, 10))
    vu = client.get(adresse("rediger_rapport")).context["montre"]
    actes_rapport.rediger_rapport(
        RapportAnnuel.de(ANNEE), par=agent, introduction="Le texte de l’autre", conclusions=""
    )

    reponse = client.post(
        adresse("rediger_rapport"), {"introduction": "Le mien", "conclusions": "", "montre": vu}
    )

    lue = reponse.content.decode()
    assert "Le texte de l’autre" in lue
    assert "Le mien" in lue
    assert RapportAnnuel.objects.get().introduction == "Le texte de l’autre"
    neuf = reponse.context["montre"]
    client.post(adresse("rediger_rapport"), {"introduction": "Le mien", "conclusions": "", "montre": neuf})
    assert RapportAnnuel.objects.get().introduction == "Le mien"


def test_a_text_too_long_is_said_and_kept(client, agent):
    seance(date(ANNEE, 3, 10))
    lue = client.post(
        adresse("rediger_rapport"), {"introduction": "a" * 20001, "conclusions": "Merci à tous."}
    ).content.decode()
    assert "20000" in lue
    assert "Merci à tous." in lue
    assert not RapportAnnuel.objects.exists()


def test_an_elu_reads_the_report_and_writes_nothing(client):
    client.force_login(CompteFactory(elu=True))
    assert client.get(adresse()).status_code == 200
    for nom in ("rediger_rapport", "preparer_rapport", "arreter_rapport", "publier_rapport"):
        assert client.get(adresse(nom)).status_code == 403
    with pytest.raises(RoleInsuffisant):
        actes_rapport.preparer_rapport(RapportAnnuel.de(ANNEE), par=CompteFactory(elu=True))


def test_the_report_costs_the_same_for_ten_avis(client, agent):
    rendu(date(2025, 3, 10), "suivie", "recue")
    seance(date(2025, 2, 1), [membre()])
    requetes(client, adresse())
    une = len(requetes(client, adresse()))
    for n in range(9):
        rendu(date(2025, 4, 1 + n), "suivie", "recue", service=f"Service {n}")
        seance(date(2025, 5, 1 + n), [membre()])
    assert len(requetes(client, adresse())) <= une


def test_the_pdf_is_accessible_and_made_to_last(agent):
    une_annee()
    rapport = prepare(agent)
    html = rediger_document(rapport.document)
    assert html.count("<h1>") == 1
    assert "Une année pleine." in html
    assert html.count("<th ") == html.count('<th scope="')
    assert "<th>" not in html
    octets = Path(rapport.document.fichier.path).read_bytes()
    for profil in ("ua1", "3a"):
        assert fautes_pdf(octets, profil) == []
