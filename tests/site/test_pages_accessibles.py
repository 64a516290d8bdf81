"""Main pages of the demonstration, for each visitor: no axe fault in light or dark, no overflow."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page

from ccspl.models import INSTANCE, Avis
from contrat_ville.depot.brouillon import commencer
from contrat_ville.models import Programmation, Projet
from participation.budgets.models import Budget, Forum, ProjetQuartier, Scrutin
from participation.renouvellement.models import Campagne
from participation.seances.models import Convie, ProcesVerbal, Seance
from participation.socle.management.commands.demo import DOMAINE
from participation.socle.models import Compte, Courriel, Demande
from participation.suites.models import Suite
from participation.tirage.models import Tirage
from petitions.models import Petition
from petitions.workflow import PUBLICS, Etat
from tests.greffons.contrastes import AXE, fautes_d_axe
from tests.greffons.navigateur import DEBORDE, SANS_TRANSITION, sans_dessin
from tests.maison import RACINE

pytestmark = pytest.mark.django_db(transaction=True)

# At rest, on the narrowest phone with spaced letters: what fits there also fits at 390 px (last test).
LARGE, ETROITE = 1280, 320
# Set before any page: text spacing that a reader may ask for (WCAG 1.4.12).
PREPARER = f"""{SANS_TRANSITION}document.adoptedStyleSheets.push(window.espacement = new CSSStyleSheet())
espacement.replaceSync(`@media (max-width: {ETROITE}px) {{
  * {{ line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }}
  p {{ margin-bottom: 2em !important }}
}}`)
"""
# A fault: the current page or choice looks like the others.
SEMBLABLES = """() => [...document.querySelectorAll('a[aria-current], button[aria-pressed="true"]')].filter(e => {
  const autres = [...(e.closest('ul') || e.parentElement).querySelectorAll('a:not([aria-current]), button[aria-pressed="false"]')]
  const dit = x => ['backgroundColor', 'borderBottomColor', 'fontWeight'].map(p => getComputedStyle(x)[p]).join()
  return e.offsetParent && autres.some(autre => autre.className === e.className && dit(autre) === dit(e))
}).map(e => e.textContent.trim())"""
# Menus of the same style are checked once, whatever their text. A checked page is hidden, so that it is not
# laid out again when the window is widened.
COURANTS = """connus => {
  const genre = x => x ? genre(x.parentElement) + '>' + x.tagName + '.' + x.className : ''
  const cle = [...document.querySelectorAll('a[aria-current], button[aria-pressed="true"]')].map(e => genre(e)
    + [...(e.closest('ul') || e.parentElement).querySelectorAll('a, button')].map(x => x.className + x.ariaCurrent + x.ariaPressed)).join('|')
  if (connus.includes(cle)) document.documentElement.style.display = 'none'
  return cle
}"""
# One état is enough for what all share; these show every section of a dossier or public page.
DOSSIERS_LUS = (Etat.DEPOSEE, Etat.EN_COLLECTE, Etat.EN_PANEL, Etat.REPONDUE, Etat.IRRECEVABLE)


def petition(etat: str) -> Petition:
    return Petition.objects.filter(etat=etat).order_by("pk").first()


def pages_publiques() -> Iterator[str]:
    for nom in (
        "accueil",
        "mentions_legales",
        "donnees_personnelles",
        "donnees_ouvertes",
        "accessibilite",
        "cookies",
    ):
        yield reverse(f"socle:{nom}")
    for nom in ("liste", "reglement", "commencer"):
        yield reverse(f"petitions:{nom}")
    for nom in ("instances_publiques", "calendrier_public"):
        yield reverse(f"seances:{nom}")
    yield reverse("seances:composition", args=[INSTANCE])
    yield (
        Seance.objects.filter(est_publique=True, instance__est_publique=True, etat="levee")
        .first()
        .get_public_url()
    )
    yield reverse("seances:proces_verbaux", args=[INSTANCE])
    publie = ProcesVerbal.objects.publies().first()
    yield reverse("seances:lire_proces_verbal", args=[publie.seance_id])
    for nom in ("commission", "avis_liste", "bibliotheque"):
        yield reverse(f"ccspl:{nom}")
    yield Avis.objects.filter(est_publie=True, etat="repondu").first().get_public_url()
    campagne = Campagne.objects.filter(etat="ouverte").first()
    yield reverse("renouvellement:candidater", args=[INSTANCE])
    yield reverse("renouvellement:deposer_candidature", args=[INSTANCE, campagne.colleges.first().pk])
    yield reverse("seances:repondre", args=[Convie.objects.filter(seance__etat="convoquee").last().jeton()])
    yield reverse("account_login")
    yield reverse("socle:mot_de_passe")
    yield "/cette-page-n-existe-pas/"
    for etat in sorted(PUBLICS):
        yield petition(etat).get_public_url()
    yield Tirage.objects.publics().first().get_public_url()
    yield reverse("suites:rendu_compte")
    yield reverse("suites:chiffres")
    suite = Suite.objects.a_rendre().order_by("pk").first()
    yield reverse("suites:suivre", args=[suite.dossier_id])
    yield reverse("suites:suivi_demande", args=[suite.dossier_id])
    yield reverse("suites:repondre", args=[suite.jeton()])
    ouverte = petition(Etat.EN_COLLECTE)
    yield reverse("petitions:signer", args=[ouverte.pk])
    yield reverse("petitions:signature_demandee", args=[ouverte.pk])
    facile = Petition.objects.filter(est_en_facile=True).first()
    yield reverse("socle:facile", args=[facile.pk])
    yield f"/ar{facile.get_public_url()}"
    demandes = Demande.objects.filter(repondue_le=None, direction__isnull=False, dossier__nature="petition")
    yield reverse("socle:repondre_demande", args=[demandes.first().jeton()])


def pages_du_petitionnaire() -> Iterator[str]:
    siennes = Petition.objects.filter(auteur__courriel=f"petitionnaire@{DOMAINE}")
    brouillon = siennes.get(etat=Etat.BROUILLON)
    yield reverse("petitions:mes_petitions")
    yield reverse("socle:mon_compte")
    for etape in ("demande", "competence", "vous", "pieces"):
        yield reverse("petitions:rediger", args=[brouillon.pk, etape])
    yield reverse("petitions:copetitionnaires", args=[brouillon.pk])
    yield reverse("petitions:deposer", args=[brouillon.pk])
    yield reverse("petitions:ma_petition", args=[siennes.get(etat=Etat.REPONDUE).pk])


def pages_de_l_agent() -> Iterator[str]:
    """Of the pages that `page_acte` makes, one of each kind of field: `make audit` reads all."""
    for nom in ("journee", "dossiers", "courriels", "recherche"):
        yield reverse(f"socle:{nom}")
    yield reverse("socle:courriel", args=[Courriel.objects.filter(etat=Courriel.Etat.REJETE).first().pk])
    for nom in ("instances", "calendrier", "creer_instance"):
        yield reverse(f"seances:{nom}")
    for nom in ("instance", "ecrire_reglement"):
        yield reverse(f"seances:{nom}", args=["recevabilite"])
    for nom in ("tableau", "indicateurs", "rapport_annuel", "conservation"):
        yield reverse(f"petitions:{nom}")
    for nom in (
        "tableau_de_bord",
        "avis_rendus",
        "preconisations",
        "vie_de_la_commission",
        "participation",
        "visites",
    ):
        yield reverse(f"ccspl:{nom}")
    for nom in ("documents_bibliotheque", "rapport_annuel"):
        yield reverse(f"ccspl:{nom}")
    for etat in DOSSIERS_LUS:
        yield reverse("petitions:dossier", args=[petition(etat).pk])
    deposee, ouverte = petition(Etat.DEPOSEE), Petition.objects.get(titre__startswith="Des points d’eau")
    for acte in ("examiner", "demander_reformulation"):
        yield reverse(f"petitions:{acte}", args=[deposee.pk])
    for acte in ("feuilles", "simuler_seuils", "rafales"):
        yield reverse(f"petitions:{acte}", args=[ouverte.pk])
    for acte in ("signatures_ecartees", "invalider_signatures", "retablir_signatures"):
        yield reverse(f"petitions:{acte}", args=[ouverte.pk])
    annee = Programmation.objects.filter(etat="programmee").first()
    yield reverse("contrat_ville:evaluation", args=[annee.pk])
    yield reverse("contrat_ville:reseau")
    yield Tirage.objects.filter(etat="tire").order_by("pk")[0].get_absolute_url()
    yield reverse("suites:suites")
    suite = Suite.objects.a_rendre().order_by("pk").first()
    for acte in ("suite", "changer_etat"):
        yield reverse(f"suites:{acte}", args=[suite.pk])
    # The table does not allow this act: the page that says so.
    yield reverse("petitions:clore", args=[ouverte.pk])


def seance(etat: str) -> Seance:
    """A séance of the commission: those show every part of the page."""
    return (
        Seance.objects.filter(etat=etat, instance__cle=INSTANCE, nature="pleniere").order_by("-debut").first()
    )


def pages_du_membre() -> Iterator[str]:
    """Pages of a member between séances, and on a phone in the room."""
    yield reverse("seances:espace")
    yield reverse("seances:profil")
    for nom in ("mon_instance", "annuaire", "demandes_points", "demander_point"):
        yield reverse(f"seances:{nom}", args=[INSTANCE])
    yield reverse("seances:ma_seance", args=[seance("convoquee").pk])
    rencontre = Seance.objects.filter(nature="visite", etat="convoquee").order_by("-debut").first()
    yield reverse("seances:inscription", args=[rencontre.pk])
    ouverte = Seance.objects.filter(etat="ouverte", instance__cle=INSTANCE).first()
    yield reverse("seances:ma_seance_en_cours", args=[ouverte.pk])
    yield reverse("seances:mon_desaccord", args=[ouverte.pk])
    soumis = ProcesVerbal.objects.filter(etat="soumis").first()
    yield reverse("seances:lire_proces_verbal", args=[soumis.seance_id])
    texte = Avis.objects.filter(etat="en_redaction").first()
    for nom in ("redaction", "proposer", "versions"):
        yield reverse(f"ccspl:{nom}", args=[texte.pk])


def pages_de_la_commission() -> Iterator[str]:
    """Pages of the agent of the commission: convening and holding a séance, following an avis."""
    for nom in ("seances", "programmer"):
        yield reverse(f"seances:{nom}")
    convoquee, prevue, levee = seance("convoquee"), seance("programmee"), seance("levee")
    for nom in ("seance", "joindre_piece"):
        yield reverse(f"seances:{nom}", args=[convoquee.pk])
    yield reverse("seances:convoquer", args=[prevue.pk])
    yield reverse("seances:proces_verbal", args=[levee.pk])
    ouverte = Seance.objects.filter(etat="ouverte", instance__cle=INSTANCE).first()
    for nom in ("seance", "animer", "ecran"):
        yield reverse(f"seances:{nom}", args=[ouverte.pk])
    for nom in ("tableau", "calendrier", "reunions", "controle"):
        yield reverse(f"ccspl:{nom}")
    yield reverse("renouvellement:campagnes")
    for etat in ("saisie", "en_redaction", "transmis", "repondu"):
        yield reverse("ccspl:dossier", args=[Avis.objects.filter(etat=etat).first().pk])
    campagne = Campagne.objects.first()
    for nom in ("campagne", "candidatures", "equilibre"):
        yield reverse(f"renouvellement:{nom}", args=[campagne.pk])


def pages_des_quartiers() -> Iterator[str]:
    """Public pages of a budget and its vote. The ballot and the results are in test_vote_navigateur."""
    yield reverse("contrat_ville:appels")
    depot, vote = (Budget.objects.avec_phases().order_by("pk"), Scrutin.objects.get(etat="ouvert"))
    depot = next(budget for budget in depot if budget.peut("deposer"))
    yield depot.get_public_url()
    for nom in ("idees_publiques", "proposer_idee"):
        yield reverse(f"budgets:{nom}", args=[depot.pk])
    realise = ProjetQuartier.objects.filter(etat="en_cours").order_by("pk").first()
    yield realise.get_public_url()
    yield reverse("budgets:carte_des_idees", args=[realise.budget_id])
    for nom in ("voter", "scrutin_public", "lire_mon_recu"):
        yield reverse(f"budgets:{nom}", args=[vote.pk])
    for forum in Forum.objects.order_by("pk"):
        yield forum.get_public_url()
    yield reverse("budgets:s_inscrire", args=[Forum.objects.get(etat="ouvert").pk])


def pages_de_la_porteuse() -> Iterator[str]:
    """Pages of a draft, step by step, then of a projet in progress."""
    porteuse = Compte.objects.get(courriel=f"porteuse@{DOMAINE}")
    ouverte = Programmation.objects.ouvertes().first()
    brouillon = commencer(par=porteuse, programmation=ouverte, titre="Un essai")
    yield reverse("contrat_ville:mes_projets")
    for etape in ("porteur", "publics", "budget", "pieces", "equipe"):
        yield reverse("contrat_ville:rediger", args=[brouillon.pk, etape])
    yield reverse("contrat_ville:deposer", args=[brouillon.pk])
    # With a signed convention and a part paid.
    yield Projet.objects.de_l_equipe(porteuse).get(etat="en_cours").get_porteur_url()


def pages_des_budgets() -> Iterator[str]:
    """Back office of the budgets: a budget, its ideas, its open vote, a forum."""
    vote = Scrutin.objects.get(etat="ouvert")
    yield vote.budget.get_absolute_url()
    yield reverse("budgets:idees", args=[vote.budget_id])
    yield vote.get_absolute_url()
    ouvert = Forum.objects.get(etat="ouvert")
    yield ouvert.get_absolute_url()
    yield reverse("budgets:accueil", args=[ouvert.pk])


# By test: each fills the database with the demonstration.
VISITEURS = {
    "des habitants": (
        ("", pages_publiques),
        ("", pages_des_quartiers),
        ("porteuse", pages_de_la_porteuse),
        ("petitionnaire", pages_du_petitionnaire),
        ("membre", pages_du_membre),
    ),
    "du service": (("agent", pages_de_l_agent),),
    "des instances": (("agent", pages_de_la_commission), ("agent", pages_des_budgets)),
}


def fautes_de(page: Page, adresse: str, menus: set[str]) -> Iterator[str]:
    page.emulate_media(color_scheme="light")
    reponse = page.goto(adresse)
    assert reponse.status != 500, adresse
    assert page.url == adresse, f"{adresse} -> {page.url}"
    yield from (dire("light", faute) for faute in fautes_d_axe(page))
    # A colour scheme changes colours only, not the structure.
    page.emulate_media(color_scheme="dark")
    yield from (dire("dark", faute) for faute in fautes_d_axe(page, couleurs=True))
    if deborde := page.evaluate(DEBORDE, LARGE):
        yield f"{LARGE} px : {deborde}"
    page.set_viewport_size({"width": ETROITE, "height": 800})
    if deborde := page.evaluate(DEBORDE, ETROITE):
        page.evaluate("espacement.disabled = true")
        seule = page.evaluate(DEBORDE, ETROITE)
        yield f"{ETROITE} px{'' if seule else ', texte espacé'} : {seule or deborde}"
    # The same menu at the same place always looks the same.
    courant = page.evaluate(COURANTS, ["", *menus])
    if courant and courant not in menus:
        menus.add(courant)
        yield from confondus(page)
    page.set_viewport_size({"width": LARGE, "height": 800})


def confondus(page: Page) -> Iterator[str]:
    """Return the controls that look alike, at the narrow width (phone menu), then the large one."""
    page.emulate_media(forced_colors="active")
    for largeur in (ETROITE, LARGE):
        page.set_viewport_size({"width": largeur, "height": 800})
        yield from (f"couleurs forcées : « {mot} » ne se distingue pas" for mot in page.evaluate(SEMBLABLES))
    page.emulate_media(forced_colors="none")


def dire(schema: str, faute: dict[str, Any]) -> str:
    return f"{schema} : {faute['id']} {[noeud['target'] for noeud in faute['nodes'][:3]]}"


def preparee(entrer: Callable[..., Page], compte: Compte | None = None) -> Page:
    page = entrer(compte, {"width": LARGE, "height": 800}, bypass_csp=True)
    dessinee, page = page, sans_dessin(page)
    dessinee.close()
    page.add_init_script(PREPARER + AXE)  # nearly each of these pages has something new for axe
    return page


@pytest.mark.parametrize("visiteurs", VISITEURS.values(), ids=VISITEURS)
def test_no_page_of_the_demonstration_fails_axe_or_overflows(entrer, live_server, demonstration, visiteurs):
    menus: set[str] = set()
    trouvees: list[str] = []
    for cle, adresses in visiteurs:
        page = preparee(entrer, Compte.objects.get(courriel=f"{cle}@{DOMAINE}") if cle else None)
        trouvees += [
            f"{cle or 'anonyme'} {adresse} {faute}"
            for adresse in adresses()
            for faute in fautes_de(page, live_server.url + adresse, menus)
        ]
        page.context.close()

    assert not trouvees, "\n".join(trouvees)


FAUTIVE = """<!doctype html><html lang="fr"><head><title>Essai</title><meta name="color-scheme" content="light dark">
<style>body, a {{ color: #111; background: #fff }} @media (prefers-color-scheme: dark) {{ body, a {{ color: #eee; background: #111 }} }} {}</style>
</head><body><main><h1>Essai</h1>{}</main></body></html>"""
DESSIN = """<svg xmlns="http://www.w3.org/2000/svg" width="400" height="9"/>"""
LETTRES = '<p style="font: 16px monospace; white-space: nowrap; margin: 0">aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>'
SOMBRE = "p { transition: color 9s } @media (prefers-color-scheme: dark) { p { color: #333 } }"
MENU = '<ul><li><a href="/" aria-current="page">Un</a></li><li><a href="/b/">Deux</a></li></ul>'


@pytest.mark.parametrize(
    ("style", "corps", "fautes"),
    [
        ("", '<p><a href="/">Un</a></p>', []),
        ("", '<p style="width: 1300px">Un</p>', ["1280 px : 1308 > 1280 : P.", "320 px : 1308 > 320 : P."]),
        ("", LETTRES, ["320 px, texte espacé : "]),
        ("", '<p style="height: 900px"></p><img src="i.svg" alt="Un dessin" loading="lazy">', ["320 px : "]),
        (SOMBRE, "<p>Un texte</p>", ["dark : color-contrast "]),
        ("[aria-current] { text-decoration: none }", MENU, ["couleurs forcées : « Un » "]),
    ],
    ids=["sound", "too wide", "spaced letters", "picture", "dark", "forced colours"],
)
def test_what_a_page_may_not_do_is_found_where_no_frame_is_drawn(entrer, style, corps, fautes):
    page = preparee(entrer)
    page.route("**/*.svg", lambda voie: voie.fulfill(content_type="image/svg+xml", body=DESSIN))
    html = FAUTIVE.format(style, corps)
    page.route("**/essai/", lambda voie: voie.fulfill(content_type="text/html", body=html))
    # A fault seen at several passes is listed several times.
    trouvees = list(dict.fromkeys(fautes_de(page, "http://essai.example.org/essai/", {""})))
    assert len(trouvees) == len(fautes), trouvees
    assert all(map(str.startswith, trouvees, fautes)), trouvees


def test_the_dashboard_of_the_elus_prints_on_two_pages(entrer, demonstration):
    """The printed dashboard of a year: A4, two columns, tables kept as tables."""
    page = entrer(Compte.objects.get(courriel=f"agent@{DOMAINE}"), {"width": LARGE, "height": 800})
    page.goto(reverse("ccspl:tableau_de_bord"))
    feuilles = page.pdf(format="A4", prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(feuilles)) as papier:
        assert len(papier.pages) <= 2


def test_no_style_changes_between_the_narrowest_phone_and_the_usual_one() -> None:
    """So a page that fits 320 px also fits 390 px, and is not measured there."""
    for feuille in (RACINE / "static").rglob("*.css"):
        texte = feuille.read_text(encoding="utf-8")
        assert "@container" not in texte, feuille
        for condition in re.findall(r"@media[^{]*", texte):
            for valeur, unite in re.findall(r"width\s*[:<>=]+\s*([\d.]+)(px|r?em)", condition):
                assert not ETROITE < float(valeur) * (1 if unite == "px" else 16) <= 390, (feuille, condition)
