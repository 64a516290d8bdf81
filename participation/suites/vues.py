"""Suites in the back office: list, page of a suite, pages of its acts."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.francais import jour_texte, retard
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.lots import ActeDeLot
from participation.socle.views.pages import Page, pages, pages_de
from participation.socle.workflow import Role
from participation.suites import actes, preuves, promesse, relances
from participation.suites.actes import ChangerEtatForm
from participation.suites.degres import dire_degre, rectifier
from participation.suites.filtres import SuiteFilter, avec_attente
from participation.suites.lectures import ce_qui_est_du
from participation.suites.models import Suite
from participation.suites.reponses import url_publique
from participation.suites.suspensions import SuspendreForm, suspendre, suspendre_en_lot
from participation.suites.trouver import suite_du_bureau, suites_du_bureau
from participation.suites.verdicts import remettre_code, saisir_verdict

VUES = (
    ("a_rendre", "À rendre"),
    ("a_publier", "Réponses à publier"),
    ("retard", "En retard"),
    ("a_realiser", "Répondues, à réaliser"),
    ("terme", "Arrivées à leur terme"),
)


LECTEURS = (Role.AGENT, Role.AGENT_DIRECTION, Role.ELU)


def _cellule_etat(suite: Suite) -> Cellule:
    apparence = suite.apparence
    attente = "Réponse à publier" if getattr(suite, "a_publier", False) else ""
    return Cellule(
        capfirst(suite.get_etat_display()), sous=attente, couleur=apparence.couleur, icone=apparence.icone
    )


COLONNES: list[Colonne] = [
    Colonne(
        "intitule",
        "Suite",
        lambda s: Cellule(s.intitule, sous=f"{s.dossier.reference or ''} · {s.dossier.titre}"),
        export=lambda s: s.intitule,
        tri="intitule",
    ),
    Colonne("reference", "Dossier", lambda s: s.dossier.reference or "", a_l_ecran=False),
    Colonne("titre", "Titre du dossier", lambda s: s.dossier.titre, a_l_ecran=False),
    Colonne("nature", "Instrument", lambda s: capfirst(s.dossier.get_nature_display()), a_l_ecran=False),
    Colonne("etat", "État", _cellule_etat, export=lambda s: s.get_etat_display(), tri="etat"),
    Colonne("direction", "Direction", lambda s: str(s.direction), tri="direction__nom"),
    Colonne(
        "date_limite",
        "Attendue le",
        lambda s: Cellule(s.date_limite, retard=retard(s.date_limite) if s.est_en_retard else ""),
        export=lambda s: s.date_limite,
        tri="date_limite",
    ),
    Colonne(
        "origine",
        "Demandé ou promis",
        lambda s: Cellule(s.naissance, sous=s.promesse if s.est_promise else ""),
        export=lambda s: s.naissance,
    ),
    Colonne("promise_le", "Promise le", lambda s: s.promise_le, a_l_ecran=False),
    Colonne("acte", "Acte de la promesse", lambda s: s.acte_promesse, a_l_ecran=False),
    Colonne("initiale", "Attendue d’abord le", lambda s: s.date_initiale, a_l_ecran=False),
    Colonne("creee", "Ajoutée le", lambda s: s.creee_le, a_l_ecran=False),
    Colonne("repondue", "Répondue le", lambda s: s.repondue_le, tri="repondue_le"),
    Colonne("jours", "Jours pour répondre", lambda s: s.jours_de_reponse, a_l_ecran=False),
    Colonne("a_temps", "À temps", lambda s: s.est_a_temps, a_l_ecran=False),
    Colonne("texte", "Texte public", lambda s: s.texte_public, a_l_ecran=False),
    Colonne("motif", "Pourquoi", lambda s: s.motif, a_l_ecran=False),
    Colonne("oriente", "Orientée vers", lambda s: s.oriente_vers, a_l_ecran=False),
]


def lot_suspendre(compte: Compte) -> ActeDeLot:
    """An electoral period stops the clock of hundreds of suites at once."""
    return ActeDeLot(
        "suspendre",
        "Arrêter le délai",
        lambda suites, reponses: suspendre_en_lot(suites, par=compte, **reponses),
        SuspendreForm,
        "La raison est publique, envoyée aux auteurs et aux personnes qui suivent chaque dossier.",
    )


@reserve_a(*LECTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def suites(request: RequeteConnectee) -> HttpResponseBase:
    """All of them for the service, hers for a direction, the published ones for an élu; « à rendre » while an answer is owed."""
    suivi = request.GET.get("suivi")
    return page_liste(
        request,
        Liste(
            cle="suites:suites",
            titre="Suites à rendre" if suivi == "a_rendre" else "Suites",
            objets=avec_attente(suites_du_bureau(request)).select_related("direction", "dossier"),
            filtres=SuiteFilter,
            colonnes=COLONNES,
            tri="ordre",
            singulier="suite",
            pluriel="suites",
            lots=[lot_suspendre(request.user)] if request.user.est_agent else [],
            vide="Ce qui est demandé ou promis après une pétition, un avis ou une remontée s’affiche ici, avec sa date.",
        ),
        "suites/liste.html",
        {
            "vues": [
                (libelle, f"?suivi={cle}", suivi == cle)
                for cle, libelle in VUES
                if cle != "a_publier" or request.user.est_agent
            ]
        },
    )


@reserve_a(*LECTEURS)
@require_safe
def attendu(request: RequeteConnectee) -> HttpResponse:
    """What residents expect of each direction; of the delegation and the commune of an élu."""
    dus = ce_qui_est_du(request.user)
    return render(
        request,
        "suites/attendu.html",
        {"dus": dus, "liste": reverse("suites:suites"), "est_agent": request.user.est_agent},
    )


@reserve_a(*LECTEURS)
@require_safe
def suite(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a suite, with the acts that the account may do."""
    trouvee = suite_du_bureau(request, pk)
    compte = request.user
    dossier = trouvee.dossier.enfant
    tient = trouvee.permet("prouver", compte)
    reponses = list(trouvee.reponses.select_related("piece", "direction")) if tient else []
    cle = actes.cle(trouvee)
    return render(
        request,
        "suites/suite.html",
        {
            "app": dossier._meta.app_label,
            "suite": trouvee,
            "dossier": dossier,
            "nature": dossier._meta.verbose_name,
            "est_agent": compte.est_agent,
            "actes": trouvee.actes_permis_a(compte),
            "tient": tient,
            "historique": trouvee.historique.select_related("par", "preuve__piece"),
            "preuves": trouvee.preuves.select_related("piece"),
            "attente": next((reponse for reponse in reponses if reponse.est_en_attente), None),
            "arret": next((arret for arret in trouvee.suspensions.all() if arret.peut_finir), None),
            "verdicts": trouvee.deux_verdicts,
            "mots_a_lire": list(trouvee.verdicts.a_lire().select_related("sollicitation"))
            if compte.est_agent
            else [],
            "reponses": [reponse for reponse in reponses if not reponse.est_en_attente],
            "courriels": dossier.courriels.filter(acte__startswith="suites/", cle__startswith=f"suite:{pk}")
            | dossier.courriels.filter(acte__startswith="suites/", cle__startswith=f"relance-suite:{pk}:")
            if compte.est_agent
            else [],
            "echeance": trouvee.dossier.echeances.filter(cle=cle).prefetch_related("rappels_envoyes").first(),
            "url_lettres": f"{reverse('socle:courriels')}?dossier={trouvee.dossier_id}",
            "url_publique": url_publique(trouvee) if trouvee.est_publiee else "",
        },
    )


def dire_le_changement(suite: Suite) -> str:
    dit = (
        f"« {suite.intitule} », par la direction {suite.direction}. Le changement est public et envoyé aux auteurs et aux "
        "personnes qui suivent le dossier."
    )
    attente = suite.reponses.filter(retenue_le=None, ecartee_le=None).first()
    if attente is None:
        return dit
    return (
        f"{dit} {attente.nom} a déjà répondu par le lien reçu, le {jour_texte(attente.recue_le)} : "
        f"{attente.get_etat_display()}. Le service ne l’a pas encore publié."
    )


PAGES: dict[str, Page[Suite]] = pages_de(Suite, actes, preuves, promesse, relances) | {
    "changer_etat": Page(
        lambda suite, *, etat, **reponses: actes.changer_etat(suite, vers=etat, **reponses),
        ChangerEtatForm,
        dire_le_changement,
    )
}
PAGES |= pages(dire_degre, rectifier, suspendre, saisir_verdict, remettre_code)
