"""Public pages: list, page of a pétition in each état, cache that is never stale."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.pieces import joindre, retirer_piece
from participation.socle.models import Commune, Direction, Document, Traduction
from participation.suites import actes as actes_suites
from petitions.collecte import actes as collecte
from petitions.conseil import actes as conseil
from petitions.models import Decompte, MotifIrrecevabilite, Petition, ReglementPetition, SeuilAtteint
from petitions.seuils.lectures import Ligne, jauges_de
from petitions.signatures import decompte
from petitions.workflow import Etat
from tests.outils import constant_queries, requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory
from tests.socle.traductions.traduire import traduire

pytestmark = pytest.mark.django_db
LISTE = "/petitions/"


def lire(client: Client, petition: Petition) -> str:
    reponse = client.get(petition.get_public_url())
    assert reponse.status_code == 200
    return reponse.content.decode()


# Page, by état


def test_an_open_petition_is_signed_from_the_first_screen_and_from_the_foot(client):
    petition = PetitionFactory(en_collecte=True)
    page = lire(client, petition)
    assert page.count(reverse("petitions:signer", args=[petition.pk])) == 2
    assert "Alma Personne" in page
    assert petition.demande in page
    assert "Où en est la pétition" in page
    assert page.count("jauge-titre") == 3


def test_a_wrong_slug_leads_to_the_one_address(client):
    petition = PetitionFactory(en_collecte=True)
    reponse = client.get(reverse("petitions:petition", args=[petition.pk, "autre-chose"]))
    assert (reponse.status_code, reponse["Location"]) == (301, petition.get_public_url())


@pytest.mark.parametrize("trait", ["deposee", "recevable"])
def test_nothing_is_shown_before_the_opening(client, trait):
    petition = PetitionFactory(**{trait: True})
    assert client.get(reverse("petitions:petition", args=[petition.pk, petition.slug])).status_code == 404
    assert client.get(reverse("petitions:donnees_petition", args=[petition.pk])).status_code == 404
    assert client.get(reverse("petitions:qr", args=[petition.pk])).status_code == 404


def test_a_refusal_gives_the_reason_then_the_way_out(client):
    petition = PetitionFactory(irrecevable=True)
    page = lire(client, petition)
    raison, suite = page.index("relève du Département"), page.index("Ce qui reste possible")
    assert raison < suite < page.index(petition.demande, suite)
    assert "Signer cette pétition" not in page


def test_a_hidden_text_is_nowhere(client):
    petition = PetitionFactory(
        irrecevable=True,
        texte_masque=True,
        demande="Propos interdits.",
        raisons="Raisons interdites.",
        est_en_facile=True,
        motif_irrecevabilite=MotifIrrecevabilite.objects.get(code="discriminatoire"),
    )
    pages = [
        lire(client, petition),
        client.get(reverse("petitions:donnees_petition", args=[petition.pk])).content.decode(),
        client.get(reverse("petitions:atom")).content.decode(),
        client.get(LISTE + "?liste=refusees").content.decode(),
    ]
    assert not [page for page in pages if "interdit" in page.replace("la loi interdit", "")]
    Traduction.objects.create(
        dossier=petition,
        langue="falc",
        en_ligne={"demande": [["", "Interdit.", ""]]},
        en_ligne_le=timezone.now(),
    )
    assert client.get(reverse("socle:facile", args=[petition.pk])).status_code == 404


def test_a_transmitted_petition_says_to_whom(client):
    page = lire(
        client,
        PetitionFactory(deposee=True, etat="transmise", est_publie=True, autorite_competente="La Région"),
    )
    assert "La Région" in page
    assert "L114-2" in page


def test_a_pause_is_said_with_its_reason(client):
    petition = PetitionFactory(en_collecte=True)
    collecte.suspendre(petition, par=CompteFactory(agent=True), motif="Période électorale.")
    page = lire(client, petition)
    assert "Cette pétition est suspendue" in page
    assert "Période électorale." in page
    assert "Signer cette pétition" not in page


def test_an_answer_comes_first_and_its_suites_after(client):
    petition = PetitionFactory(repondue=True, avis_panel="Le panel soutient.")
    actes_suites.ajouter_suite(
        petition, par=CompteFactory(agent=True), intitule="Faire la piste",
        direction=Direction.objects.first(), date_limite=timezone.localdate(),
    )  # fmt: skip
    page = lire(client, petition)
    ordre = [
        page.index(t)
        for t in (
            "La réponse de la Métropole<",
            "Faire la piste",
            "Ce que le conseil a dit",
            "Le panel soutient.",
            "Ce que demande la pétition",
        )
    ]
    assert ordre == sorted(ordre)


def test_the_way_ends_with_the_answer_owed(client):
    page = lire(client, PetitionFactory(en_collecte=True))
    assert (
        page.index("Signatures en cours")
        < page.index("Si 800")
        < page.index("Publiée sur la page de la pétition, envoyée aux signataires")
    )


def test_the_rules_that_apply_are_those_of_the_deposit(client):
    ancienne = ReglementPetition.objects.get()
    hier = timezone.localdate() - timedelta(days=1)
    petition = PetitionFactory(en_collecte=True)
    ReglementPetition.objects.update(en_vigueur_au=hier)
    ReglementPetition.objects.create(
        version="nouvelle", en_vigueur_du=timezone.localdate(), source="Délibération.", copetitionnaires_requis=80,
        age_minimum=15, delai_recevabilite_mois=1, duree_collecte_mois=3, carence_sujet_mois=6,
    )  # fmt: skip
    assert reverse("petitions:reglement", args=[ancienne.version]) in lire(client, petition)
    assert "80" in client.get(reverse("petitions:reglement")).content.decode()
    ancienne_page = client.get(reverse("petitions:reglement", args=[ancienne.version])).content.decode()
    assert "50" in ancienne_page
    assert "déposées à cette époque" in ancienne_page
    assert client.get(reverse("petitions:reglement", args=["inconnue"])).status_code == 404


def test_the_poster_is_the_latest_that_is_ready(client):
    petition = PetitionFactory(en_collecte=True)
    adresse = reverse("petitions:affiche", args=[petition.pk])
    assert client.get(adresse).status_code == 202
    document = Document.objects.create(
        dossier=petition, nature="petitions/affiche", titre="Affiche", etat="pret", fichier="x.pdf", sha256="0" * 64, est_public=True,
    )  # fmt: skip
    Document.objects.create(dossier=petition, nature="petitions/affiche", titre="Affiche", est_public=True)
    assert client.get(adresse)["Location"] == reverse("socle:document", args=[document.cle_publique])


def test_the_qr_code_is_a_drawing_of_the_address(client):
    reponse = client.get(reverse("petitions:qr", args=[PetitionFactory(en_collecte=True).pk]))
    assert reponse["Content-Type"] == "image/svg+xml"
    assert b"<svg" in reponse.content


# Cached, never stale


def test_the_page_bears_no_cookie_and_may_be_kept(client):
    petition = PetitionFactory(en_collecte=True)
    client.force_login(CompteFactory(agent=True))  # a visitor with a session gets the same page
    reponse = client.get(petition.get_public_url())
    assert reponse["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60, stale-if-error=300"
    assert "Cookie" not in reponse.get("Vary", "")
    assert not reponse.cookies
    assert reponse["ETag"]
    assert reponse["Last-Modified"]


@pytest.mark.parametrize("nom", ["liste", "reglement", "donnees_json", "donnees_csv", "atom"])
def test_no_public_page_touches_the_session(client, nom):
    client.force_login(CompteFactory(agent=True))
    reponse = client.get(reverse(f"petitions:{nom}"))
    assert "Cookie" not in reponse.get("Vary", "")
    assert not reponse.cookies
    assert "public" in reponse["Cache-Control"]


def test_a_page_already_made_costs_one_query(client):
    petition = PetitionFactory(en_collecte=True)
    lire(client, petition)
    assert len(requetes(client, petition.get_public_url())) == 1


def test_a_reader_who_has_the_page_gets_304(client):
    petition = PetitionFactory(en_collecte=True)
    premiere = client.get(petition.get_public_url())
    assert (
        client.get(petition.get_public_url(), headers={"if-none-match": premiere["ETag"]}).status_code == 304
    )
    assert client.get(petition.get_public_url(), headers={"if-none-match": '"autre"'}).status_code == 200


def test_the_next_day_is_another_page(client, time_machine):
    petition = PetitionFactory(en_collecte=True)
    premiere = client.get(petition.get_public_url())
    time_machine.move_to(timezone.localtime() + timedelta(days=1))
    entetes = {"if-modified-since": premiere["Last-Modified"]}
    assert client.get(petition.get_public_url(), headers=entetes).status_code == 200


def test_no_act_leaves_a_stale_page(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    agent, petition = CompteFactory(agent=True), PetitionFactory(en_collecte=True)
    SeuilAtteint.objects.create(petition=petition, seuil=petition.reglement.seuils.get(effet="debat"))
    demain = timezone.localdate() + timedelta(days=1)
    direction = Direction.objects.first()
    textes = {"raisons": petition.raisons, "competence": petition.competence}
    gardes: dict[str, object] = {}

    def joindre_piece():
        gardes["piece"] = joindre(
            petition,
            fichier=SimpleUploadedFile("plan.txt", b"Le plan."),
            titre="Plan",
            par=agent,
            est_publique=True,
        )

    def promettre():
        gardes["suite"] = actes_suites.ajouter_suite(
            petition, par=agent, intitule="Faire", direction=direction, date_limite=demain
        )

    actes = [
        lambda: collecte.amender(
            petition, par=agent, note="Faute.", titre="Autre titre", demande="Autre.", **textes
        ),
        lambda: traduire(petition, agent, CompteFactory(agent=True), "falc", "Facile."),
        lambda: collecte.prolonger(
            petition, par=agent, date_fin=petition.date_fin_collecte + timedelta(days=9), motif="Panne."
        ),
        lambda: collecte.suspendre(petition, par=agent, motif="Élections."),
        lambda: collecte.reprendre(petition, par=agent),
        joindre_piece,
        lambda: retirer_piece(gardes["piece"], par=agent),
        lambda: conseil.inscrire_au_conseil(petition, par=agent, date=demain),
        lambda: conseil.rencontrer(petition, par=agent, date=demain, lieu="Salle 4"),
        lambda: conseil.transmettre_note(petition, par=agent, date=timezone.localdate(), texte="La note."),
        lambda: Petition.objects.filter(pk=petition.pk).update(etat="a_debattre"),
        lambda: conseil.constater_debat(petition, par=agent, date=timezone.localdate(), issue="Débattu."),
        promettre,
        lambda: actes_suites.changer_etat(
            gardes["suite"], par=agent, vers="a_l_etude", texte_public="On étudie."
        ),
        lambda: conseil.fixer_restitution(petition, par=agent, date=demain, lieu="Vizille"),
        lambda: conseil.repondre(petition, par=agent, reponse="La réponse."),
    ]
    vue = lire(client, petition)
    for rang, acte in enumerate(actes):
        acte()
        petition.refresh_from_db()
        if rang == 10:  # a step of the test data, not an act
            continue
        nouvelle = lire(client, petition)
        assert nouvelle != vue, f"acte n° {rang}"
        vue = nouvelle


def test_a_count_shows_at_once(client):
    petition = PetitionFactory(en_collecte=True)
    avant = lire(client, petition)
    SignatureFactory(petition=petition, confirmee=True)
    decompte.compter()
    assert lire(client, petition) != avant
    assert Decompte.objects.get(petition=petition).total == 1


# List


@pytest.mark.parametrize(
    ("trait", "onglet"),
    [
        ("en_collecte", "ouvertes"),
        ("a_debattre", "conseil"),
        ("repondue", "repondues"),
        ("collecte_close", "closes"),
        ("irrecevable", "refusees"),
    ],
)
def test_each_petition_is_under_its_tab(client, trait, onglet):
    petition = PetitionFactory(**{trait: True})
    for nom in ("ouvertes", "conseil", "repondues", "closes", "refusees"):
        montree = petition.titre in client.get(f"{LISTE}?liste={nom}").content.decode()
        assert montree == (nom == onglet), nom


def test_the_list_says_why_a_petition_was_refused(client):
    PetitionFactory(irrecevable=True)
    assert "relève du Département" in client.get(f"{LISTE}?liste=refusees").content.decode()


def test_words_are_found_in_french_and_mistyped(client):
    petition = PetitionFactory(en_collecte=True, titre="Des pistes cyclables pour tous")
    autre = PetitionFactory(
        en_collecte=True, titre="Un marché couvert", demande="Une halle.", raisons="Il pleut."
    )
    for mots in ("piste cyclable", "cyclabe", petition.reference):
        page = client.get(LISTE, {"q": mots}).content.decode()
        assert petition.titre in page, mots
        assert autre.titre not in page, mots


def test_the_list_is_filtered_by_commune_and_theme_and_sorted(client):
    vizille = Commune.objects.get(nom="Vizille")
    une = PetitionFactory(en_collecte=True, commune_auteur=vizille, mots_cles=["eau"])
    deux = PetitionFactory(en_collecte=True, commune_auteur=Commune.objects.get(nom="Vif"))
    deux.communes.add(vizille)
    trois = PetitionFactory(en_collecte=True, commune_auteur=Commune.objects.get(nom="Claix"))
    Decompte.objects.create(petition=deux, total=9)
    Decompte.objects.create(petition=une, total=3)

    page = client.get(LISTE, {"commune": vizille.pk, "tri": "signees"}).content.decode()
    assert page.index(deux.titre) < page.index(une.titre)
    assert trois.titre not in page
    assert deux.titre not in client.get(LISTE, {"theme": "eau"}).content.decode()


def test_an_empty_list_says_what_will_be_there(client):
    assert "Aucune pétition n’est à signer" in client.get(LISTE).content.decode()
    assert "Aucune pétition ne correspond" in client.get(LISTE, {"q": "introuvable"}).content.decode()
    assert (
        client.get(LISTE, {"liste": "n’importe quoi", "commune": "99999", "page": "abc"}).status_code == 200
    )


def test_four_petitions_cost_what_one_costs(client):
    communes = iter(Commune.objects.all())
    constant_queries(
        client,
        LISTE,
        lambda: Decompte.objects.create(
            petition=PetitionFactory(en_collecte=True, commune_auteur=next(communes)), total=3
        ),
    )


def test_the_home_shows_what_is_open_and_what_was_answered(client):
    ouverte, repondue = PetitionFactory(en_collecte=True), PetitionFactory(repondue=True)
    page = client.get("/").content.decode()
    assert ouverte.titre in page
    assert repondue.titre in page
    assert Petition.objects.visibles_par(AnonymousUser()).count() == 2


def test_what_is_asked_stands_before_the_button_and_the_gauges(client, db):
    petition = PetitionFactory(en_collecte=True, demande="Nous demandons des fontaines.")
    page = client.get(petition.get_public_url()).content.decode()
    page = page.split("<main", 1)[1]

    places = [
        page.index(mot)
        for mot in (
            "Nous demandons des fontaines",
            "Signer cette pétition",
            "Pétition déposée par",
            'id="texte"',
            "Où en est la pétition",
        )
    ]
    assert places == sorted(places)


def test_a_petition_closed_without_an_answer_is_not_among_those_answered(client):
    sans = PetitionFactory(collecte_close=True, etat=Etat.CLOSE, clos_le=timezone.now())
    avec = PetitionFactory(close=True)

    def liste(onglet):
        page = client.get(f"{reverse('petitions:liste')}?liste={onglet}").context["page"]
        return [petition.pk for petition in page.object_list]

    assert liste("repondues") == [avec.pk]
    assert liste("closes") == [sans.pk]


def test_once_the_collecte_is_closed_no_gauge_asks_for_more_signatures():
    close, ouverte = PetitionFactory(collecte_close=True), PetitionFactory(en_collecte=True)
    nombres = {"38185": 3, "38151": 1}
    for petition in (close, ouverte):
        petition.refresh_from_db()
    fini = " ".join(jauge.phrase for jauge in jauges_de(close, nombres))
    assert "Il en a manqué 796 pour le prochain seuil." in fini
    assert "Il en fallait au moins 12 : il en a manqué 10." in fini
    assert "Encore" not in fini
    assert "Encore 796 pour le prochain seuil." in jauges_de(ouverte, nombres)[0].phrase


@pytest.mark.parametrize(("communes", "plus_forte", "dit"), [(3, 10, True), (19, 92, True), (19, 40, False)])
def test_beside_the_button_the_number_is_not_said_to_be_enough(communes, plus_forte, dit):
    petition = PetitionFactory(en_collecte=True)
    Decompte.objects.update_or_create(
        petition=petition,
        defaults={
            "total": 268,
            "communes": communes,
            "plus_forte_nombre": plus_forte,
            "compte_le": timezone.now(),
        },
    )
    petition.refresh_from_db()

    assert Ligne.de(petition).demande_d_autres_communes is dit
