"""Labels of the reference tables: delivered once, written by agents, shown in the language of the page or marked as French."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import escape

from participation.rencontres.models import Format
from participation.socle.actions.traductions import livrer_libelles, traduire_libelles
from participation.socle.langues import AUTRES, adresse_en
from participation.socle.lectures.langues import libelles_livres
from participation.socle.lectures.libelles import dernieres, par_table, tables
from participation.socle.models import LibelleTraduit, RaisonModeration
from remontees.models import Categorie
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import SujetFactory
from tests.rencontres.factories import RencontreFactory
from tests.site.langues import Reste
from tests.socle.factories import CompteFactory

MARQUE = '<span class="sans-traduction" lang="fr" dir="ltr">{}</span>'


def test_what_comes_with_the_site_says_each_label_in_each_language():
    for code in AUTRES:
        assert all(libelles_livres(code).values()), code
    assert len({tuple(libelles_livres(code)) for code in AUTRES}) == 1


def test_each_category_and_reason_that_comes_with_the_site_is_translated(db):
    """What the pack and the commands load, but for the long explanations, that an agent writes."""
    courts = {mot for _, mots in tables() for mot in mots if len(mot) < 60}
    for code in AUTRES:
        assert courts - set(dernieres(code)) == set(), code


def test_what_an_agent_wrote_is_never_written_over(db):
    agent = CompteFactory(agent=True)
    traduire_libelles("en", {"Déchets": "Rubbish", "Bruit": ""}, par=agent)

    call_command("referentiel_libelles")

    assert (dernieres("en")["Déchets"].texte, dernieres("en")["Déchets"].par) == ("Rubbish", agent)
    assert dernieres("en")["Bruit"].texte == "", "She took it away: it does not come back."
    avant = LibelleTraduit.objects.count()
    livrer_libelles("en", libelles_livres("en"))
    assert LibelleTraduit.objects.count() == avant


@pytest.mark.parametrize("langue", AUTRES)
def test_a_page_in_french_says_its_labels_in_the_language_of_who_reads(db, client, langue):
    categorie, petition = Categorie.objects.exclude(parent=None).first(), PetitionFactory(irrecevable=True)
    sujet, dits = SujetFactory(publie=True, categorie=categorie), dernieres(langue)
    sens = "rtl" if langue == "ar" else "ltr"
    for adresse, mot in (
        (reverse("socle:moderation"), RaisonModeration.objects.first().libelle),
        (sujet.get_public_url(), categorie.nom),
        (reverse("remontees:vous_l_avez_dit"), categorie.nom),
        (petition.get_public_url(), petition.motif_irrecevabilite.texte),
    ):
        dite = f'<span lang="{langue}" dir="{sens}">{escape(dits[mot].texte)}</span>'
        assert dite in client.get(adresse_en(adresse, langue)).content.decode(), adresse


@pytest.mark.parametrize("langue", AUTRES)
def test_no_label_of_a_table_is_in_french_unless_it_is_marked(db, client, langue):
    Categorie.objects.filter(nom="Bruit").update(nom="Vacarme")
    petition = PetitionFactory(irrecevable=True)
    sujet = SujetFactory(publie=True, categorie=Categorie.objects.exclude(parent=None).first())
    mots = {mot for _, siens in tables() for mot in siens}
    traduits = {une.texte for une in dernieres(langue).values()}  # « Participation » is English too
    rencontre = RencontreFactory(ouverte=True, format=Format.objects.get(nom="Galerie"))
    adresses = [
        rencontre.get_public_url(),
        reverse("remontees:dire"),
        reverse("petitions:liste"),
        petition.get_public_url(),
        reverse("socle:moderation"),
        sujet.get_public_url(),
        reverse("remontees:vous_l_avez_dit"),
    ]
    adresses += [reverse("remontees:dire_sur", args=[c.code]) for c in Categorie.objects.exclude(parent=None)]
    for adresse in adresses:
        page = client.get(adresse_en(adresse, langue)).content.decode()
        contenu = f"<main{page.partition('<main')[2].partition('</main>')[0]}"  # the name of the service is around it
        textes = {" ".join(t.split()).rstrip(".") for t in Reste(contenu).textes}

        assert {m.rstrip(".") for m in mots - traduits} & textes == set(), adresse
    assert (
        MARQUE.format("Vacarme") in client.get(adresse_en(reverse("remontees:dire"), langue)).content.decode()
    )


def test_an_agent_translates_the_labels_of_a_table_and_the_page_says_them(connecte, agent):
    Categorie.objects.filter(nom="Bruit").update(nom="Vacarme")
    bureau = connecte
    adresse = f"{reverse('socle:libelles', args=['en'])}?sans=oui&table=Catégories"
    page = bureau.get(adresse)
    form = page.context["form"]
    (nom,) = [n for n, mot in form.mots.items() if mot == "Vacarme"]
    assert len(form.mots) == 1, "Only those without translation."
    autre = CompteFactory(agent=True)

    bureau.post(adresse, {nom: "Racket", f"initial-{nom}": ""})

    assert (dernieres("en")["Vacarme"].texte, dernieres("en")["Vacarme"].par) == ("Racket", agent)
    assert ">Racket<" in bureau.get("/en" + reverse("remontees:dire")).content.decode()
    # Who only showed the page again writes nothing over what a colleague wrote meanwhile.
    traduire_libelles("en", {"Vacarme": "Din"}, par=autre)
    bureau.post(adresse, {nom: "Racket", f"initial-{nom}": "Racket"})
    assert dernieres("en")["Vacarme"].texte == "Din"
    bureau.post(adresse, {nom: "", f"initial-{nom}": "Din"})
    assert [
        une.francais
        for _, siens in par_table("en", sans_traduction=True)
        for une in siens
        if une.francais == "Vacarme"
    ]
