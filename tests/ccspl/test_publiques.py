"""Public pages of avis: nothing before the adoption, everything after, without cookies."""

import csv
import io
import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from ccspl.models import VersionAvis
from ccspl.redaction.actes import empreinte
from participation.seances.models import PointDossier, VoixCollege, Vote
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory, ServiceSuiviFactory
from tests.outils import constant_queries, lisible
from tests.seances.factories import CollegeFactory, PointFactory, SeanceFactory
from tests.socle.factories import DirectionFactory

pytestmark = pytest.mark.django_db


def publier(texte="La commission approuve.", **champs):
    avis = AvisFactory(adopte=True, **champs)
    VersionAvis.objects.create(
        avis=avis,
        numero=1,
        paragraphes=[texte],
        coauteurs=["Alma Dupuis"],
        sha256=empreinte([texte]),
        est_adoptee=True,
    )
    return avis


def test_an_avis_in_progress_is_nowhere(client):
    avis = AvisFactory(en_redaction=True, titre="Sujet encore discuté")
    ParagrapheFactory(avis=avis)

    assert client.get(avis.get_public_url()).status_code == 404
    for nom in ("avis_liste", "commission"):
        assert "Sujet encore discuté" not in client.get(reverse(f"ccspl:{nom}")).content.decode()


def test_an_adopted_avis_says_its_text_its_authors_and_its_vote_without_a_cookie(client):
    avis = publier()
    avis.autres_services.add(ServiceSuiviFactory(nom="Halle des Lacs"))
    vote = Vote.objects.create(
        point=PointFactory(seance=SeanceFactory(mandature=avis.mandature, levee=True)), objet="Adopter", etat="clos",
        majorite="majorite", resultat="adopte", clos_le=timezone.now(),
    )  # fmt: skip
    VoixCollege.objects.create(vote=vote, college=CollegeFactory(mandature=avis.mandature), pour=7, contre=2)
    PointDossier.objects.create(
        point=vote.point, dossier=avis, decision="adopter", vote=vote, decidee_le=timezone.now()
    )

    reponse = client.get(avis.get_public_url())

    page = reponse.content.decode()
    assert "La commission approuve." in page
    assert "Alma Dupuis" in page
    assert f"{avis.service.nom} et Halle des Lacs" in lisible(page)
    assert "Texte adopté à la séance" in page
    assert not reponse.cookies
    assert "Cookie" not in reponse.get("Vary", "")


def test_the_list_is_filtered(client):
    eau, gaz = ServiceSuiviFactory(nom="Source"), ServiceSuiviFactory(nom="Réseau de gaz")
    publier(titre="Le prix de la source", service=eau)
    publier(titre="Les compteurs", service=gaz, sens="defavorable")
    adresse = reverse("ccspl:avis_liste")

    def titres(**filtres):
        page = client.get(adresse, filtres).content.decode()
        return {t for t in ("Le prix de la source", "Les compteurs") if t in page}

    assert titres() == {"Le prix de la source", "Les compteurs"}
    assert titres(service=eau.pk) == {"Le prix de la source"}
    assert titres(sens="defavorable") == {"Les compteurs"}
    assert titres(annee=timezone.localdate().year) == titres()
    assert titres(reponse="oui") == set()
    assert "Aucun avis ne correspond" in client.get(adresse, {"reponse": "oui"}).content.decode()


@pytest.mark.parametrize("nom", ["avis_liste", "commission"])
def test_the_pages_cost_the_same_for_four_avis(client, nom):
    def fabriquer():
        cache.clear()
        avis = publier(
            service=ServiceSuiviFactory(
                nom=f"Service {timezone.now().timestamp()}", direction=DirectionFactory()
            )
        )
        PreconisationFactory(avis=avis)

    constant_queries(client, reverse(f"ccspl:{nom}"), fabriquer)


def test_the_open_data_say_the_same_in_both_forms(client):
    avis = publier(titre="Le prix ; la qualité")
    PreconisationFactory(avis=avis, texte="Publier le bilan.")

    (donnee,) = json.loads(client.get(reverse("ccspl:donnees_avis", args=["json"])).getvalue())["avis"]
    brut = b"".join(client.get(reverse("ccspl:donnees_avis", args=["csv"])).streaming_content).decode(
        "utf-8-sig"
    )
    (ligne,) = csv.DictReader(io.StringIO(brut), delimiter=";")

    assert donnee["preconisations"][0]["texte"] == "Publier le bilan."
    assert (ligne["reference"], ligne["titre"], ligne["preconisations"]) == (avis.reference, avis.titre, "1")
    assert donnee["titre"] == avis.titre


def test_the_pages_stand_when_nothing_is_published(client):
    assert "Aucun avis n’est encore publié" in client.get(reverse("ccspl:avis_liste")).content.decode()
    assert client.get(reverse("ccspl:commission")).status_code == 200
