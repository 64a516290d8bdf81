"""Streets: what is proposed to who types a place, and the import of the public file of addresses."""

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.socle.actions import voies
from participation.socle.models import ImportDeVoies, Voie
from participation.socle.views.public.voies import PROPOSEES, voies_proches
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
ENTETE = "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat"


@pytest.fixture
def rues():
    for ou, nom in (
        ("Grenoble", "Rue de la République"),
        ("Échirolles", "Rue de la République"),
        ("Grenoble", "Place de la République"),
        ("Grenoble", "Quai du Sacré-Cœur"),
        ("Fontaine", "Avenue du Vercors"),
    ):
        Voie(commune=commune(ou), nom=nom).save()


def fichier(*lignes, entete=ENTETE):
    return SimpleUploadedFile("adresses-38.csv", "\n".join([entete, *lignes, ""]).encode(), "text/csv")


def importer(*lignes):
    demande = voies.demander_import(fichier(*lignes), par=CompteFactory(agent=True))
    stocke = Path(demande.fichier.path)
    voies.importer_voies(demande.pk)
    demande.refresh_from_db()
    return demande, stocke


@pytest.mark.parametrize(
    ("ecrit", "ou", "trouvees"),
    [
        ("rue de la rep", "", ["Rue de la République, Échirolles", "Rue de la République, Grenoble"]),
        (
            "RÉPUBLIQUE rue",
            "Grenoble",
            ["Rue de la République, Grenoble", "Rue de la République, Échirolles"],
        ),
        ("sacre coeur", "", ["Quai du Sacré-Cœur, Grenoble"]),
        ("ve", "", []),
        ("%%%", "", []),
        ("vercors\x00", "", ["Avenue du Vercors, Fontaine"]),
        ("é" * 40_000, "", []),
    ],
)
def test_a_street_is_found_by_its_words_without_accents_first_in_the_commune_chosen(
    ecrit, ou, trouvees, rues
):
    assert [str(voie) for voie in voies_proches(ecrit, commune(ou).pk if ou else "")] == trouvees


def test_streets_are_proposed_to_anybody_in_one_query(client, rues, django_assert_num_queries):
    Voie.objects.bulk_create(
        Voie(commune=commune("Claix"), nom=f"Rue {n}", simple=f"rue {n}") for n in range(PROPOSEES)
    )
    with django_assert_num_queries(1):
        reponse = client.get(reverse("socle:voies"), {"q": "rue", "commune": "\x00"})

    assert "public" in reponse["Cache-Control"]
    assert len(reponse.json()["voies"]) == PROPOSEES
    (seule,) = client.get(reverse("socle:voies"), {"q": "vercors"}).json()["voies"]
    assert seule == {"nom": "Avenue du Vercors", "commune": "Fontaine", "code": commune("Fontaine").pk}
    assert client.get(reverse("socle:voies")).json() == {"voies": []}


def test_the_file_of_addresses_gives_each_street_of_our_communes_once(django_capture_on_commit_callbacks):
    ici = commune("Grenoble").pk
    lignes = (
        f"1;1;;Rue Lesdiguières;38000;{ici};Grenoble;5.7;45.1",
        f"2;3;bis;rue  LESDIGUIERES;38000;{ici};Grenoble;5.7;45.1",
        f"3;5;;Cours \u202eBerriat;38000;{ici};Grenoble;5.7;45.1",
        "4;1;;Rue de la Paix;75002;75102;Paris;2.3;48.8",
        f"5;1;;{'A' * 40_000};38000;{ici};Grenoble;5.7;45.1",
        "6;1;;Rue sans commune;;;;;",
        f"7;1;;;38000;{ici};Grenoble;5.7;45.1",
    )
    with django_capture_on_commit_callbacks(execute=True):
        premier, stocke = importer(*lignes)

    assert sorted(Voie.objects.values_list("nom", flat=True)) == ["Cours Berriat", "Rue Lesdiguières"]
    comptes = (premier.lignes, premier.nouvelles, premier.connues, premier.ailleurs, premier.refusees)
    assert (premier.etat, comptes) == ("fini", (7, 2, 0, 1, 3))
    assert premier.raisons == [
        "Ligne 6 : le nom de la voie a plus de 120 caractères.",
        "Ligne 7 : le code de la commune manque.",
        "Ligne 8 : le nom de la voie manque.",
    ]
    assert not stocke.exists()
    assert LogEntry.objects.get().change_message == "2 voies ajoutées, 0 déjà connue"

    voies.importer_voies(premier.pk)  # given twice by the broker
    assert LogEntry.objects.count() == 1
    second, _ = importer(*lignes)
    assert (second.nouvelles, second.connues, Voie.objects.count()) == (0, 2, 2)


def test_a_file_without_its_columns_is_refused_at_once_and_one_that_is_cut_says_so(client):
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("socle:importer_voies")

    page = client.post(adresse, {"fichier": fichier("Vif;04", entete="ville;tel")}).text
    assert "Il faut les colonnes « nom_voie » et « code_insee »" in page.replace("\xa0", " ").replace(
        "\u202f", " "
    )
    assert not ImportDeVoies.objects.exists()

    coupe = SimpleUploadedFile("a.csv", f"{ENTETE}\n1;1;;Rue Lesdi".encode())
    assert client.post(adresse, {"fichier": coupe}).status_code == 302
    voies.importer_voies(ImportDeVoies.objects.get().pk)
    assert "arrivé coupé" in client.get(adresse).text
