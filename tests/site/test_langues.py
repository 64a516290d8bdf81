"""Languages of the public pages: catalogues, pages that are translated, letters, what says that it is in French."""

import gettext
import html
import re
import uuid
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from participation.budgets.models import AuteurIdee, Budget, Forum
from participation.inclusion.profils.actes import jeton
from participation.rencontres.models import AuteurDeNote, Note, TableRencontre
from participation.socle.langues import AUTRES, adresse_en, langue_de
from participation.socle.lectures.langues import textes_a_revoir
from participation.socle.models import Moderation, RelectureLangue
from participation.socle.views.erreurs import panne
from remontees.models import Reception, Remontee
from tests.budgets.factories import budget_en, forum_le, idee_de, inscription_a
from tests.budgets.vote import codes_connus, scrutin_ouvert
from tests.droits.factories import DemandeDroitFactory
from tests.greffons.navigateur import TELEPHONE, controler, suivre
from tests.panels.factories import PanelFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.remontees.factories import RemonteeFactory
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.renouvellement.factories import CandidatureFactory, CollegeCampagneFactory
from tests.site.langues import FRANCAIS, PLACE, Reste, lire, marquees, po
from tests.socle.factories import CompteFactory, raison
from tests.socle.traductions.traduire import traduire
from tests.suites.factories import AbonnementFactory
from tests.test_architecture import routes_nommees

# Enough for a sentence; a shorter word may be the same in two languages.
PHRASE = 12
# A place between U+2068 and U+2069; those that need it not: a number, a day, a word of the language, what a page isolates
# by `dir`, an address that nothing must touch.
ISOLEE = re.compile(r"\u2068%\(\w+\)s\u2069")
A_SA_PLACE = re.compile(
    r"\{\w+\}|%\((?:a|adresse|ans|autre|besoin|combien|communes|de|degre|dites|dits|etat|heures|instant|jours?|libres|maximum"
    r"|mois|nombre|numero|places|points|projets|quand|rang|requis|rythme|taille|total|trop|un)\)s"
)


# Catalogues


@pytest.mark.parametrize("langue", ["fr", *AUTRES])
def test_what_is_compiled_is_what_is_written(langue):
    entrees = lire(po(langue))
    with po(langue).with_suffix(".mo").open("rb") as fichier:
        compile_ = gettext.GNUTranslations(fichier)

    formes = int(re.search(r"nplurals=(\d)", entrees[""]["msgstr"])[1])
    dites = {
        forme: {compile_.ngettext(e["msgid"], e["msgid_plural"], n) for n in range(200)}
        for forme, e in entrees.items()
        if "msgid_plural" in e
    }

    assert [m for m, e in entrees.items() if "msgstr" in e and compile_.gettext(m) != e["msgstr"]] == []
    for msgid, rendues in dites.items():
        assert rendues == {entrees[msgid][f"msgstr[{n}]"] for n in range(formes)}, msgid


def test_each_marked_sentence_is_translated_with_its_places():
    phrases = marquees()
    pluriels = {msgid for msgid, entree in lire(po("en")).items() if "msgid_plural" in entree}
    assert pluriels - set(lire(po("fr"))) == set()
    for langue in AUTRES:
        entrees = lire(po(langue))

        assert phrases - set(entrees) == set(), langue
        for msgid, entree in entrees.items():
            formes = [mots for cle, mots in entree.items() if cle.startswith("msgstr")]
            attendues = set(PLACE.findall(entree.get("msgid_plural", msgid)))
            assert all(formes), (langue, msgid)
            assert not msgid or all(set(PLACE.findall(forme)) == attendues for forme in formes), msgid


def test_a_french_value_stands_apart_in_each_sentence_written_from_right_to_left():
    for langue in AUTRES:
        if translation.get_language_info(langue)["bidi"]:
            for msgid, entree in lire(po(langue)).items():
                formes = [mots for cle, mots in entree.items() if cle.startswith("msgstr")]
                places = {place for mots in formes for place in PLACE.findall(ISOLEE.sub("", mots))}
                assert [place for place in places if not A_SA_PLACE.fullmatch(place)] == [], msgid


def test_zero_is_singular_in_french_and_each_language_has_its_plurals():
    def dire(langue, n):
        with translation.override(langue):
            return translation.ngettext("%(dits)s&nbsp;jour restant", "%(dits)s&nbsp;jours restants", n)

    assert [dire("fr", n) for n in (0, 1, 2)] == [
        *["%(dits)s&nbsp;jour restant"] * 2,
        "%(dits)s&nbsp;jours restants",
    ]
    assert len({dire("ar", n) for n in (0, 1, 2, 3, 11, 100)}) == 6
    assert len({dire("uk", n) for n in (1, 2, 5)}) == 3


# Pages


def pages_des_signatures() -> dict[str, list[object]]:
    petition = PetitionFactory(en_collecte=True)
    faite, demandee = SignatureFactory(petition=petition, confirmee=True), SignatureFactory(petition=petition)
    return {
        "petitions:liste": [],
        "petitions:petition": [petition.pk, petition.slug],
        "petitions:signer": [petition.pk],
        "petitions:signature_demandee": [petition.pk],
        "petitions:confirmer_signature": [demandee.jeton()],
        **{
            f"petitions:{nom}": [faite.jeton()]
            for nom in (
                "ma_signature",
                "corriger_signature",
                "retirer_signature",
                "refuser_signature",
                "lever_refus",
            )
        },
    }


def pages_des_remontees() -> dict[str, list[object]]:
    remontee = RemonteeFactory(canal="site", verbatim="…", titre="…")
    return {
        "remontees:dire": [],
        "remontees:dire_sur": ["autre-chose"],
        "remontees:recue": [uuid.uuid4()],
        "remontees:suivi": [remontee.jeton()],
    }


def pages_des_votes() -> dict[str, list[object]]:
    scrutin = scrutin_ouvert(CompteFactory(agent=True))
    Budget.objects.update(titre="…")
    return {
        "budgets:budgets_publics": [],
        **{f"budgets:{nom}": [scrutin.pk] for nom in ("voter", "a_vote", "scrutin_public")},
    }


def pages_des_droits() -> dict[str, list[object]]:
    return {
        "droits:vos_droits": [],
        "droits:demandee": [],
        "droits:ma_demande": [DemandeDroitFactory().jeton()],
        "inclusion:repondre": [],
    }


def lien_perime() -> str:
    with patch("participation.socle.liens._jour", return_value=0):
        return Remontee.LIEN.adresse_courte(RemonteeFactory()).split("/")[2]


def pages_des_suivis() -> dict[str, list[object]]:
    petition = PetitionFactory(debattue=True)
    abonnement = AbonnementFactory(dossier=petition)
    PanelFactory(inscription=True)
    return {
        "socle:accueil": [],
        "panels:panels_publics": [],
        "socle:mon_code": [],
        "socle:lien_court": [lien_perime()],
        "suites:suivre": [petition.pk],
        "suites:suivi_demande": [petition.pk],
        "suites:confirmer": [abonnement.cle],
        "suites:arreter": [abonnement.cle],
    }


def pages_des_auteurs() -> dict[str, list[object]]:
    """Where the letters to who gave an idée or a note lead, and a moderation that she may contest."""
    idee = idee_de(budget_en(titre="…"), texte="…", courriel="essai@example.org", confirme=False)
    table = TableRencontre.objects.create(rencontre=RencontreFactory(tenue=True, titre="…"), numero=1)
    note = Note.objects.create(table=table, texte="Un banc")
    decision = {
        "acte": "ecarter_note",
        "objet": "rencontres.note.1",
        "quoi": "…",
        "motif": "…",
        "raison": raison(),
    }
    moderation = Moderation.objects.create(dossier=table.rencontre, par=CompteFactory(agent=True), **decision)
    return {
        "budgets:proposer_idee": [idee.budget_id],
        "budgets:idee_recue": [uuid.uuid4()],
        "budgets:confirmer_auteur": [AuteurIdee.objects.get(idee=idee).jeton()],
        "budgets:suivre_idee": [idee.jeton()],
        "rencontres:suivre_note": [
            AuteurDeNote.objects.create(note=note, courriel="essai@example.org").jeton()
        ],
        "socle:contester_moderation": [moderation.jeton()],
    }


def pages_des_inscriptions() -> dict[str, list[object]]:
    forum, rencontre = forum_le(titre="…"), RencontreFactory(ouverte=True, titre="…")
    venues = [inscription_a(forum, besoins=["lsf"]), InscriptionFactory(evenement=rencontre)]
    pages: dict[str, list[object]] = {
        "budgets:forum_public": [forum.pk],
        "rencontres:rencontres_publiques": [],
        "rencontres:rencontre_publique": [rencontre.pk],
    }
    return pages | {
        f"{inscrite.evenement._meta.app_label}:{nom}": [valeur]
        for inscrite in venues
        for nom, valeur in (
            ("s_inscrire", inscrite.evenement.pk),
            ("inscription_recue", inscrite.evenement.pk),
            ("mon_inscription", inscrite.jeton()),
            ("confirmer_inscription", inscrite.jeton_de_confirmation()),
        )
    }


def pages_des_candidatures() -> dict[str, list[object]]:
    college = CollegeCampagneFactory(nom="…", campagne__titre="…")
    cle, autre = college.campagne.instance.cle, CollegeCampagneFactory(campagne=college.campagne)
    attendue = CandidatureFactory(
        college=autre, motivation="…", choix="attente", rang_attente=1, eligible=True
    )
    attendue.appelee_le, attendue.appel_jusqu_au = timezone.now(), timezone.localdate()
    attendue.save()
    demandee = CandidatureFactory(college=college, motivation="…", a_confirmer=True)
    return {
        "renouvellement:candidater": [cle],
        "renouvellement:appel": [cle, college.campagne_id],
        "renouvellement:deposer_candidature": [cle, college.pk],
        "renouvellement:candidature_demandee": [cle, college.pk],
        "renouvellement:confirmer_candidature": [demandee.jeton()],
        "renouvellement:corriger_candidature": [demandee.jeton()],
        "renouvellement:retirer_candidature": [demandee.jeton()],
        "renouvellement:ma_candidature": [attendue.jeton()],
        "renouvellement:repondre_appel": [attendue.jeton()],
    }


# A page is said to be translated (`traduite`) where it is written; here it is opened in each language.
PARCOURS = (
    pages_des_signatures,
    pages_des_remontees,
    pages_des_votes,
    pages_des_suivis,
    pages_des_auteurs,
    pages_des_inscriptions,
    pages_des_candidatures,
    pages_des_droits,
)
# Read after a form was sent: the questions of the profile again, one answer missing its consent.
ENVOYEES = {
    "inclusion:repondre": lambda: {"jeton": jeton("petition", 7, "signature:1"), "amenagement": "oui"}
}


STATUTS = {"socle:lien_court": 410}  # else it leads to another page


def test_translated_pages_have_no_sentence_left_in_french(db, client):
    pages = {nom: args for parcours in PARCOURS for nom, args in parcours().items()}
    dites = {
        f"{app}:{nom}"
        for app, nom, motif in routes_nommees(get_resolver())
        if getattr(motif.callback, "est_traduite", False)
    }
    assert set(pages) == dites
    entrees = {langue: lire(po(langue)) for langue in AUTRES}
    restes = []
    for nom, args in pages.items():
        adresse = reverse(nom, args=args)
        for langue, siennes in entrees.items():
            chemin = adresse_en(adresse, langue)
            reponse = client.post(chemin, ENVOYEES[nom]()) if nom in ENVOYEES else client.get(chemin)
            page = reponse.content.decode()

            assert reponse.status_code == STATUTS.get(nom, 200), (adresse, langue)
            assert f'<html lang="{langue}"' in page
            assert ('dir="rtl"' in page[:200]) is (langue == "ar")
            assert "Accept-Language" not in reponse.get("Vary", "")
            texte = Reste(page).texte
            restes += [
                (adresse, langue, msgid)
                for msgid, entree in siennes.items()
                if len(msgid) >= PHRASE and msgid not in entree.get("msgstr", "")
                if html.unescape(msgid).replace("\u00a0", " ") in texte.replace("\u00a0", " ")
            ]
            # A sentence that nobody marked: these two alphabets have no such word.
            if langue in {"ar", "uk"}:
                restes += [(adresse, langue, mots) for mots in FRANCAIS.findall(texte)]
    assert restes == []


def test_a_page_in_arabic_costs_no_more_statements_than_in_french_and_says_the_titles_that_people_translated(
    db, client, django_assert_max_num_queries, django_assert_num_queries
):
    forum = forum_le()
    lues = [PetitionFactory(en_collecte=True), RencontreFactory(ouverte=True), forum]
    for lue in lues:
        traduire(lue, CompteFactory(agent=True), CompteFactory(agent=True), "ar", "أشجار في كل شارع")
    titre = '<span lang="ar" dir="rtl">أشجار في كل شارع</span>'
    for nom, args, combien in (
        ("petitions:signer", [lues[0].pk], 0),
        ("petitions:liste", [], 1),
        ("rencontres:rencontres_publiques", [], 1),
        ("budgets:budgets_publics", [], 1),
        ("socle:accueil", [], 3),
    ):
        adresse = reverse(nom, args=args)
        client.get(adresse_en(adresse, "ar"))  # what each process reads once a minute
        with django_assert_max_num_queries(60) as en_francais:
            client.get(adresse)
        with django_assert_num_queries(len(en_francais)):
            page = client.get(adresse_en(adresse, "ar")).content.decode()
        assert page.count(titre) >= combien, nom

    # The head is read aloud too: translated, else marked; so is a choice that is a word of people.
    tete = client.get(adresse_en(lues[0].get_public_url(), "ar")).content.decode().partition("</head>")[0]
    assert "<title>أشجار في كل شارع" in tete
    autre = PetitionFactory(en_collecte=True, mots_cles=["climat"])
    tete = client.get(adresse_en(autre.get_public_url(), "ar")).content.decode().partition("</head>")[0]
    assert f'<title lang="fr" dir="ltr">{autre.titre}' in tete
    assert "<title lang" not in client.get(autre.get_public_url()).content.decode()
    liste = client.get("/ar/petitions/").content.decode()
    assert '<option value="climat" lang="fr" dir="ltr">Climat' in liste
    page = client.get(adresse_en(forum.get_public_url(), "ar")).content.decode()
    assert (page.count(titre), page.count("أشجار في كل شارع")) == (1, len(forum.TEXTES_PUBLICS))
    chemin = page.partition('<nav class="fil"')[2].partition("</nav>")[0]
    assert '<a href="/ar/">الرئيسية</a>' in chemin
    assert f'<span lang="fr" dir="ltr">{forum.titre}</span>' in chemin, (
        "What people wrote is said to be in French."
    )
    # What is no dossier has its languages too, « facile à lire » and to write again among them.
    traduire(forum, CompteFactory(agent=True), CompteFactory(agent=True), "falc", "On se réunit.")
    facile = client.get(forum.get_facile_url()).content.decode()
    assert facile.count("On se réunit.") >= len(forum.TEXTES_PUBLICS)
    assert forum.get_facile_url() in client.get(forum.get_public_url()).content.decode()
    Forum.objects.update(texte="Autre chose.")
    assert {une.porteur for _, siennes in textes_a_revoir() for une in siennes} == {forum}


def test_a_page_that_is_not_translated_says_so_and_has_one_address_for_search_engines(db, client):
    page = client.get("/tr/donnees-personnelles/").content.decode()

    tete = page.partition("</head>")[0]
    assert '<title lang="fr" dir="ltr">' in tete
    assert re.search(r'<meta lang="fr" dir="ltr"\s+name="description"', tete)

    assert "Bu sayfa yalnızca Fransızcadır." in page
    avis = page.partition("avis-langue")[2].partition("</aside>")[0]
    assert "Dilinizde:" in avis
    assert (
        f'href="{adresse_en(reverse("remontees:dire"), "tr")}"' in avis
    )  # where she is read in her language
    assert '/tr/les-rencontres/"' in avis
    assert f'href="{adresse_en(reverse("suites:rendu_compte"), "tr")}"' not in avis
    assert re.search(r'<main id="contenu"\s+tabindex="-1" lang="fr" dir="ltr"', page)
    assert re.search(r'rel="canonical" href="[^"]*//[^/]*/donnees-personnelles/"', page)
    assert "hreflang=" in client.get("/tr/petitions/").content.decode().partition("</head>")[0]


def test_what_needs_an_account_is_in_french_at_its_own_address(connecte):
    reponse = connecte.get("/ar/journee/?x=1")

    assert (reponse.status_code, reponse["Location"]) == (302, "/journee/?x=1")
    assert translation.get_language() == "fr"


def test_a_translation_says_that_nobody_read_it_until_an_agent_says_so(connecte, agent):
    petition = PetitionFactory(en_collecte=True)
    adresse, phrase = f"/pt/petitions/{petition.pk}/signer/", "Tradução ainda não revista por uma pessoa."
    assert phrase in Client().get(adresse).content.decode()

    for _ in range(2):  # said twice, written once
        connecte.post("/langues/", {"langue": "pt", "est_lue": "oui", "remarque": "Lue par Ana"})
    assert phrase not in Client().get(adresse).content.decode()

    connecte.post("/langues/", {"langue": "pt", "est_lue": "non"})
    caches["processus"].clear()
    assert phrase in Client().get(adresse).content.decode()
    assert list(RelectureLangue.objects.values_list("est_relue", "par")) == [
        (False, agent.pk),
        (True, agent.pk),
    ]


def test_who_votes_in_turkish_reads_the_projets_that_people_translated_and_the_next_voter_is_in_french(
    db, client
):
    agent = CompteFactory(agent=True)
    scrutin = scrutin_ouvert(agent)
    projet = scrutin.projets.get(numero=1).projet
    traduire(projet, agent, CompteFactory(agent=True), "tr", "Ağaçlar")
    un, autre = codes_connus(scrutin, 2)
    adresse = reverse("budgets:voter", args=[scrutin.pk])
    bulletin = client.post(
        adresse_en(adresse, "tr"), {"etape": "choisir", "code": f"\u2068{un}\u2069"}
    ).content.decode()
    assert "Adım 2/3" in bulletin
    assert FRANCAIS.findall(Reste(bulletin).texte) == []
    assert (bulletin.count("Ağaçlar"), bulletin.count("Projet A"), "Projet B" in bulletin) == (3, 0, True)
    relu = client.post(adresse_en(adresse, "tr"), {"etape": "relire", "code": un, "projet_1": "1"})
    assert "Adım 3/3" in relu.content.decode()
    assert "Ağaçlar" in relu.content.decode()
    page = client.get(adresse_en(projet.get_public_url(), "tr")).content.decode()
    assert page.count('<span lang="tr" dir="ltr">Ağaçlar</span>') == 1
    budget = client.get(adresse_en(scrutin.budget.get_public_url(), "tr")).content.decode()
    assert (
        '<span lang="tr" dir="ltr">Kodumla oy ver' in budget
    )  # the page is in French, where it leads is not
    trop = {"etape": "relire", "code": un, "projet_1": "1", "projet_2": "1", "projet_3": "1"}
    refuse = client.post(adresse_en(adresse, "tr"), trop).content.decode()
    assert "Seçilen projeler: 3. En çok: 2. Çıkarılacak: 1." in refuse

    ou = [
        client.post(adresse_en(adresse, langue), {"etape": "voter", "code": code, "projet_1": "1"})[
            "Location"
        ]
        for langue, code in (("tr", un), ("fr", autre))
    ]

    assert [langue_de(chemin) for chemin in ou] == ["tr", "fr"]
    assert (
        "Bu kod zaten oy kullandı"
        in client.post(
            adresse_en(adresse, "tr"), {"etape": "voter", "code": un, "projet_1": "1"}
        ).content.decode()
    )


@pytest.mark.parametrize("langue", AUTRES)
def test_who_is_refused_reads_why_in_the_language_of_the_address(db, langue):
    navigateur = Client(enforce_csrf_checks=True)
    petition = PetitionFactory(en_collecte=True)
    pages = [
        (404, navigateur.get(f"/{langue}/nulle-part/")),
        (403, navigateur.post(f"/{langue}/petitions/{petition.pk}/signer/", {"prenom": "Alma"})),
    ]
    with translation.override(langue):
        pages.append((500, panne(RequestFactory().get(f"/{langue}/"))))
    for statut, reponse in pages:
        page = reponse.content.decode()

        assert reponse.status_code == statut
        assert f'<html lang="{langue}"' in page
        if langue in {"ar", "uk"}:
            assert FRANCAIS.findall(Reste(page).texte) == [], statut


# On a phone


@pytest.mark.django_db(transaction=True)
def test_who_reads_only_arabic_reports_on_a_phone(entrer):
    page = entrer(taille=TELEPHONE)
    page.goto("/ar/remontees/dire/")
    controler(page)
    suivre(page.get_by_role("link", name="اكتب دون الاختيار من القائمة"))
    page.get_by_label("ماذا تريد أن تخبرنا؟").fill("الإنارة معطلة في شارعي منذ أسبوع.")
    page.get_by_label("أين؟").fill("rue des Alpes")
    controler(page)
    page.get_by_role("button", name="متابعة").click()
    expect(page.get_by_role("heading", name="كيف نرد عليك؟")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="إرسال").click()
    expect(page.get_by_role("heading", name="تم الاستلام، شكرًا")).to_be_visible()
    controler(page)

    assert Reception.objects.count() == 1
