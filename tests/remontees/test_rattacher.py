"""« Rattacher »: search for an open sujet by text, category or place; an agent decides."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participation.socle.models import Contour
from remontees.models import Remontee, Sujet
from remontees.reception.actes import saisir
from remontees.reception.regles import Charge
from remontees.sujets import actes as sujets
from remontees.sujets.rattachement import sujets_proches
from remontees.workflow import Canal
from tests.outils import lire
from tests.remontees.factories import (
    CategorieFactory,
    RapporteurFactory,
    RemonteeFactory,
    SujetFactory,
    lettres,
)
from tests.remontees.reception.test_lieux import carre
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
NOIR = "Le lampadaire de la rue des Alpes est éteint, on ne voit rien le soir."


def proposes(page):
    return re.findall(r'name="sujet"\s+value="(\d+)"', page.content.decode())


def test_a_resident_is_shown_what_says_the_same_and_not_all_of_its_category():
    voirie = CategorieFactory(code="voirie")
    traversee = SujetFactory(
        publie=True,
        titre="Traversée dangereuse devant l’école",
        texte_public="Les voitures passent vite devant l’école, les enfants traversent.",
        categorie=voirie,
    )

    def vus(texte):
        return sujets_proches(texte, categorie=voirie.pk, commune="")

    assert vus("Le marquage du parking de la mairie est effacé.") == []
    assert vus("Devant l’école les voitures passent vite quand les enfants traversent") == [traversee]


def test_the_nearest_open_sujets_come_first_then_those_of_the_category_and_of_the_place(connecte):
    eclairage = CategorieFactory(code="eclairage")
    remontee = RemonteeFactory(
        titre="Lampadaire éteint", verbatim=NOIR, categorie=eclairage, commune=commune("Meylan")
    )
    loin = SujetFactory(titre="Horaires de la piscine", texte_public="Elle ferme trop tôt.")
    du_lieu = SujetFactory(titre="Chantier bruyant", texte_public="Du bruit.", commune=commune("Meylan"))
    de_la_categorie = SujetFactory(titre="Place sombre", texte_public="Sombre.", categorie=eclairage)
    proche = SujetFactory(titre="Lampadaire éteint rue des Alpes", texte_public=NOIR)
    clos = SujetFactory(repondu=True, titre="Lampadaire éteint rue des Alpes", texte_public=NOIR)
    Sujet.objects.filter(pk=clos.pk).update(etat="clos")

    page = connecte.get(reverse("remontees:rattacher", args=[remontee.pk]))

    trouves = [int(pk) for pk in proposes(page)]
    assert trouves[:3] == [proche.pk, de_la_categorie.pk, du_lieu.pk]
    assert set(trouves[3:]) <= {loin.pk}
    assert "En commun :" in lire(page)


@pytest.mark.parametrize("mots", ["piscine vif", "PISCINÉ", "tot"])
def test_a_sujet_is_looked_for_by_its_words_and_its_place_without_script(connecte, mots):
    remontee = RemonteeFactory(verbatim=NOIR)
    SujetFactory(titre="Lampadaire éteint", texte_public=NOIR)
    cherche = SujetFactory(
        titre="Horaires de la piscine", texte_public="Elle ferme trop tôt.", commune=commune("Vif")
    )

    page = connecte.get(
        reverse("remontees:rattacher", args=[remontee.pk]), {"q": mots, "retour": "/journee/"}
    )

    assert proposes(page) == [str(cherche.pk)]
    assert 'name="retour" value="/journee/"' in lire(page)


def test_what_no_sujet_says_is_told_and_a_strange_search_breaks_nothing(connecte):
    remontee = RemonteeFactory(verbatim=NOIR)
    adresse = reverse("remontees:rattacher", args=[remontee.pk])

    assert "Aucun sujet ne lui ressemble" in lire(connecte.get(adresse))
    assert "Aucun sujet ne dit « girafe »" in lire(connecte.get(adresse, {"q": "girafe\0"}))
    assert connecte.get(adresse, {"q": "%_\\ " * 400}).status_code == 200


def test_the_one_the_person_recognised_is_first_and_ticked_whatever_is_looked_for(connecte):
    reconnu = SujetFactory(publie=True, titre="Horaires de la piscine")
    SujetFactory(titre="Lampadaire éteint", texte_public=NOIR)
    remontee = RemonteeFactory(verbatim=NOIR, sujet_propose=reconnu)

    page = connecte.get(reverse("remontees:rattacher", args=[remontee.pk]), {"q": "lampadaire"})

    assert proposes(page)[0] == str(reconnu.pk)
    assert re.search(rf'value="{reconnu.pk}"[^>]*checked', page.content.decode())
    assert "Reconnu par la personne" in lire(page)


def test_a_sujet_closed_meanwhile_is_refused_and_the_others_stay_shown(connecte):
    remontee, clos, ouvert = RemonteeFactory(verbatim=NOIR), SujetFactory(repondu=True), SujetFactory()
    Sujet.objects.filter(pk=clos.pk).update(etat="clos")
    adresse = reverse("remontees:rattacher", args=[remontee.pk])

    page = connecte.post(adresse, {"sujet": clos.pk})

    assert "Ce sujet n’est plus proposé" in lire(page)
    assert proposes(page) == [str(ouvert.pk)]
    assert "Choisissez le sujet" in lire(connecte.post(adresse, {"sujet": ""}))
    connecte.post(adresse, {"sujet": ouvert.pk})
    remontee.refresh_from_db()
    assert remontee.sujet_commun == ouvert


def test_a_long_list_of_sujets_shows_the_first_and_costs_the_same(connecte):
    eclairage = CategorieFactory(code="eclairage")
    remontee = RemonteeFactory(verbatim=NOIR, categorie=eclairage, commune=commune("Meylan"))
    adresse = reverse("remontees:rattacher", args=[remontee.pk])
    SujetFactory.create_batch(3, texte_public=NOIR, categorie=eclairage, commune=commune("Meylan"))
    connecte.get(adresse)
    with CaptureQueriesContext(connection) as peu:
        connecte.get(adresse)
    SujetFactory.create_batch(20, texte_public=NOIR, categorie=eclairage, commune=commune("Meylan"))

    with CaptureQueriesContext(connection) as beaucoup:
        page = connecte.get(adresse)
    assert len(beaucoup) == len(peu)
    assert len(proposes(page)) == 12
    assert "Il y en a d’autres" in lire(page)


def test_the_words_compared_of_a_sujet_follow_its_title_and_its_text():
    sujet = SujetFactory(titre="La rue est Sombre", texte_public="")
    assert sujet.mots == "rue sombre"

    sujets.rediger_sujet(
        sujet, par=CompteFactory(agent=True), titre="Éclairage", texte_public="C’est éteint."
    )

    sujet.refresh_from_db()
    assert sujet.mots == "eclairage eteint"


def test_a_point_alone_says_the_commune_when_its_contour_is_known():
    Contour.objects.filter(commune=commune("Meylan")).update(geometrie=carre(5, 45))
    point = {"latitude": 45.5, "longitude": 5.5}

    trouvee = saisir(Remontee(), par=None, charge=Charge(verbatim=NOIR, canal=Canal.TERRAIN, **point))
    dite = saisir(
        Remontee(),
        par=None,
        charge=Charge(verbatim=NOIR, canal=Canal.TERRAIN, commune=commune("Vif").pk, **point),
    )

    assert (trouvee.commune, dite.commune) == (commune("Meylan"), commune("Vif"))


def test_who_recognised_an_answered_sujet_gets_its_answer_once_an_agent_has_joined_them(connecte):
    sujet = SujetFactory(repondu=True, publie=True)
    remontee = RapporteurFactory(courriel="ana@example.org", remontee__sujet_propose=sujet).remontee
    adresse = reverse("remontees:rattacher", args=[remontee.pk])
    assert "Sa réponse part aussitôt à la personne." in lire(connecte.get(adresse))

    reponse = connecte.post(adresse, {"sujet": sujet.pk}, follow=True)

    remontee.refresh_from_db()
    assert (remontee.etat, remontee.reponse, remontee.issue) == ("repondue", sujet.reponse, sujet.issue)
    assert sujet.reponse in lettres("repondre").get(destinataires=["ana@example.org"]).corps
    assert "Sa réponse part à la personne." in lire(reponse)


def test_several_remontees_of_the_list_join_one_sujet_and_each_refusal_is_said(connecte):
    sujet, deux = SujetFactory(), RemonteeFactory.create_batch(2)
    finie = RemonteeFactory(repondue=True)
    liste = reverse("remontees:remontees")
    choix = {"lot": "rattacher", "choix": [r.pk for r in (*deux, finie)]}
    assert "Référence du sujet" in lire(connecte.post(liste, choix))

    reponse = connecte.post(
        liste,
        {**choix, "reste": ",".join(str(pk) for pk in choix["choix"]), "sujet": sujet.reference.lower()},
        follow=True,
    )

    assert set(Remontee.objects.filter(sujet_commun=sujet)) == set(deux)
    assert "2 sur 3" in lire(reponse)
    assert "Sans effet sur" in lire(reponse)
