"""The page of a dossier, the same for every nature: état, next step, acts, journal.

The page of an app is three lines: find its row among `visibles_par`, then call `page_dossier(request, row,
"app/dossier.html")`. Its template extends `socle/dossiers/dossier.html` and fills `origine` (one line under the
title), `rubriques` (anchors), `contenu_dossier` (its own sections, first on the page) and `aside_dossier`
(cards of the aside).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from participation.socle.francais import jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.courriels import COURRIELS_MONTRES, lignes_courriels
from participation.socle.models import (
    Compte,
    Courrier,
    Demande,
    Dossier,
    Echeance,
    Partie,
    Piece,
    Suivi,
    Tournee,
    de_quoi,
)
from participation.socle.views.pages import adresse_acte, est_en_un_clic, page_de_l_acte
from participation.socle.views.pagination import page_courte
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role

LIGNES_JOURNAL = 50
PIECES_MONTREES = 50
# An act that any nature may have in its table: its page is in the socle.
PRENDRE_EN_CHARGE = "prendre_en_charge"


@dataclass(frozen=True, slots=True)
class Bouton:
    """An act that the reader may do. `en_un_clic`: it is done from here, by a POST; `{% bouton %}` writes both kinds."""

    acte: str
    libelle: str
    url: str
    est_dangereux: bool = False
    en_un_clic: bool = False


@dataclass(frozen=True, slots=True)
class Boutons:
    """The acts that the person may do now: the main one if any, two or three others shown, the rest folded."""

    principal: Bouton | None
    seconds: list[Bouton]
    autres: list[Bouton]

    def __bool__(self) -> bool:
        return self.principal is not None or bool(self.seconds or self.autres)


@dataclass(frozen=True, slots=True)
class LigneDemande:
    """A demande with the URLs of its acts. An empty URL: the reader may not do this act."""

    demande: Demande
    url_relancer: str = ""
    url_annuler: str = ""
    url_repondre: str = ""


@dataclass(frozen=True, slots=True)
class LigneCourrier:
    """A courrier with the URLs of its acts. An empty URL: the act cannot be done."""

    courrier: Courrier
    url_poster: str = ""
    url_abandonner: str = ""
    url_adresse: str = ""
    url_signer: str = ""
    url_signee: str = ""


@require_safe
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Redirect to the page that the app of the dossier gives it."""
    enfant = trouver_dossier(request.user, pk)
    if not request.user.a_le_bureau and enfant.get_membre_url():
        return redirect(enfant.get_membre_url())
    if type(enfant).get_absolute_url is Dossier.get_absolute_url:
        return page_dossier(request, enfant)
    return redirect(enfant.get_absolute_url())


def trouver_dossier(compte: Compte, pk: int) -> Dossier:
    """Return the row of the app if `compte` may see it under the rules of the app; raises Http404."""
    nature = Dossier.objects.filter(pk=pk).values_list("nature", flat=True).first()
    if nature is None:
        raise Http404
    enfant = Dossier.natures()[nature].objects.visibles_par(compte).filter(pk=pk).first()
    if enfant is None:
        raise Http404
    return enfant


def ou_se_lit(dossier: Dossier) -> HttpResponse:
    """Redirect to the public page or the member's page of a dossier that cannot be read in the back office.

    Raises Http404 if the dossier has neither.
    """
    adresse = adresse_publique(dossier) or dossier.enfant.get_membre_url()
    if not adresse:
        raise Http404
    return redirect(adresse)


def lisibles_par(compte: Compte, numeros: Iterable[int]) -> set[int]:
    """Return the numbers of the dossiers that `compte` may open, under the rules of each app.

    Two queries for the dossiers, plus one for each nature.
    """
    lisibles: set[int] = set()
    par_nature: dict[type[Dossier], list[int]] = {}
    for dossier in Dossier.objects.enfants_de(set(numeros)).values():
        if compte.a_le_bureau or dossier.enfant.get_membre_url():
            par_nature.setdefault(type(dossier.enfant), []).append(dossier.pk)
    for nature, siens in par_nature.items():
        lisibles.update(nature.objects.visibles_par(compte).filter(pk__in=siens).values_list("pk", flat=True))
    return lisibles


def page_dossier(
    request: RequeteConnectee,
    dossier: Dossier,
    gabarit: str = "socle/dossiers/dossier.html",
    contexte: Mapping[str, Any] | None = None,
) -> HttpResponse:
    return render(request, gabarit, {**contexte_dossier(request, dossier), **(contexte or {})})


def pages_du_journal(request: RequeteConnectee, suivi: Any, par_page: int = 30) -> Page[Any]:
    """Return one page of the journal, latest lines first; `?lignes=` is the number of the page."""
    return Paginator(suivi.journal.select_related("par"), par_page).get_page(request.GET.get("lignes"))


def contexte_dossier(request: RequeteConnectee, dossier: Dossier) -> dict[str, Any]:
    """Context of `socle/dossiers/dossier.html`.

    Agents of the service see everything. Others see what is public or what is asked of them.
    """
    compte, enfant = request.user, dossier.enfant
    est_agent = compte.est_agent
    journal = enfant.journal.select_related("par")
    courriels = lignes_courriels(enfant) if est_agent else []
    demandes = demandes_pour(compte, enfant)
    courriers = courriers_de(enfant) if est_agent else []
    ensuite, pour_vous = phrases(enfant, compte)
    return {
        "dossier": enfant,
        "app": enfant._meta.app_label,
        "nature": enfant._meta.verbose_name,
        "est_agent": est_agent,
        "ensuite": ensuite,
        "pour_vous": pour_vous or dire_la_demande(demandes),
        "boutons": boutons(enfant, compte),
        "journal": Paginator(
            journal if est_agent else journal.filter(est_publique=True), LIGNES_JOURNAL
        ).get_page(request.GET.get("lignes")),
        "libelles_etats": enfant.libelles_etats(),
        "echeances": echeances_pour(compte, enfant),
        "demandes_ouvertes": [ligne for ligne in demandes if ligne.demande.est_ouverte],
        "demandes_closes": [ligne for ligne in demandes if not ligne.demande.est_ouverte],
        "courriers": courriers,
        "courriers_a_poster": [ligne for ligne in courriers if ligne.courrier.est_a_poster],
        "courriels": courriels[:COURRIELS_MONTRES],
        "courriels_en_plus": len(courriels) > COURRIELS_MONTRES,
        "tournees": Tournee.objects.lettres_de(enfant),
        "courriels_en_panne": sum(ligne.en_souffrance for ligne in courriels),
        "documents": page_courte(
            enfant.documents.all() if est_agent else enfant.documents.filter(est_public=True),
            PIECES_MONTREES,
            request.GET.get("documents"),
        ),
        "pieces": page_courte(
            Piece.objects.visibles_par(compte)
            .filter(dossier=enfant.pk, retiree_le__isnull=True)
            .select_related("par"),
            PIECES_MONTREES,
            request.GET.get("pieces"),
        ),
        "points": list(recueillir("points_du_dossier", enfant)) if est_agent else [],
        "communes": enfant.communes.all(),
        "url_publique": adresse_publique(enfant),
    }


def ligne_courrier(courrier: Courrier) -> LigneCourrier:
    """Return a courrier with the URLs of its acts, for an agent of the service."""
    if not courrier.est_a_poster:
        return LigneCourrier(courrier)
    suivi = courrier.suivi
    url_adresse = "" if courrier.a_une_adresse else suivi.get_adresse_url()
    if (poste := suivi.ACTES_DE_POSTE.get(courrier.lettre)) is None:
        return LigneCourrier(
            courrier,
            "" if courrier.ce_qui_manque else adresse_acte(courrier, "poster_courrier"),
            adresse_acte(courrier, "abandonner_courrier"),
            url_adresse,
        )
    if courrier.attend_sa_signature:
        signer = adresse_acte(suivi, poste.signature)
        return LigneCourrier(courrier, url_adresse=url_adresse, url_signer=signer)
    signee = f"{suivi.get_absolute_url()}#{poste.ancre}"
    return LigneCourrier(
        courrier, adresse_acte(suivi, poste.acte), url_adresse=url_adresse, url_signee=signee
    )


def courriers_de(dossier: Dossier) -> list[LigneCourrier]:
    """Return the courriers of a dossier, latest first."""
    siens = Courrier.objects.filter(dossier=dossier.pk).select_related("document", "poste_par")
    lignes = []
    for courrier in siens.order_by("-ecrit_le", "-pk"):
        courrier.dossier = dossier
        lignes.append(ligne_courrier(courrier))
    return lignes


def adresse_publique(dossier: Dossier) -> str:
    enfant = dossier.enfant
    adresse = getattr(enfant, "get_public_url", None)
    if not enfant.est_publie or adresse is None:
        return ""
    try:
        return str(adresse())
    except NoReverseMatch:
        return ""


def phrases(dossier: Dossier, compte: Compte | None) -> tuple[str, str]:
    """Return two sentences: what comes next, and what `compte` has to do.

    They are the sentences of the état, completed with dates and numbers of the dossier.
    """
    enfant = dossier.enfant
    apparence, roles = enfant.apparence, enfant.roles_pour_dire(compte)
    mots = enfant.mots_de_suite()
    dits = (enfant.a_faire(role, compte) for role in apparence.pour if role in roles)
    pour = next((phrase for phrase in dits if phrase), "")
    return enfant.ensuite(mots), avec_actes(enfant, compte, pour.format_map(mots))


def avec_actes(suivi: Suivi, compte: Compte | None, phrase: str) -> str:
    """Return the sentence with a link on each act that it names and that `compte` may do now; words alone otherwise.

    An act done on a part is named by the address of its page.
    """

    def lier(trouve: re.Match[str]) -> str:
        mots, acte = trouve.groups()
        if acte.startswith("/"):
            return f'<a href="{acte}">{mots}</a>'
        adresse = page_de_l_acte(suivi, acte) if suivi.propose(acte, compte) else ""
        return f'<a href="{adresse}">{mots}</a>' if adresse else mots

    if not ACTE_NOMME.search(phrase):
        return phrase
    return mark_safe(ACTE_NOMME.sub(lier, escape(phrase)))  # noqa: S308 escaped first


ACTE_NOMME = re.compile(r"\[([^\[\]]+)\]\((\w+|/[\w/#-]+)\)")


def dire_la_demande(demandes: Iterable[LigneDemande]) -> str:
    """Return what to do for a reader who must answer demandes; an empty string if there is none."""
    dates = [ligne.demande.date_limite for ligne in demandes if ligne.url_repondre]
    return f"répondez à ce qui vous est demandé pour le {jour_texte(min(dates))}." if dates else ""


def boutons_de(objet: Suivi | Partie, compte: Compte) -> list[Bouton]:
    """Return one button for each act that the table allows to `compte` on `objet`, in the order of the table."""
    suivi = de_quoi(objet)[0]
    return [
        Bouton(
            acte,
            suivi.transition(acte).libelle,
            url,
            suivi.transition(acte).est_dangereux,
            est_en_un_clic(url),
        )
        for acte in objet.actes_permis_a(compte)
        if (url := adresse_acte(objet, acte))
    ]


def boutons(dossier: Dossier, compte: Compte) -> Boutons:
    """Sort the acts allowed to `compte` into main, visible and folded buttons, in the order of the table.

    The main button is the due act if the dossier names one (`acte_du`), otherwise the first act that changes
    the état. It is never a dangerous act. Failing that, and if no agent follows the dossier, it is « prendre
    en charge ». Once an agent follows the dossier, « Changer d’agent » is folded.
    """
    enfant = dossier.enfant
    suivi = enfant.agent_id is not None
    offerts = [
        replace(bouton, libelle="Changer d’agent") if bouton.acte == PRENDRE_EN_CHARGE and suivi else bouton
        for bouton in boutons_de(enfant, compte)
        if bouton.acte not in enfant.ACTES_DANS_LA_PAGE
    ]
    a_replier = enfant.actes_replies() | ({PRENDRE_EN_CHARGE} if suivi else set())
    surs = [b for b in offerts if not b.est_dangereux]
    visibles = [b for b in surs if b.acte not in a_replier] or [
        b for b in surs if b.acte != PRENDRE_EN_CHARGE
    ]
    du = enfant.acte_du()
    if du is None:
        principal = next((b for b in visibles if enfant.transition(b.acte).change_etat), None)
    else:
        principal = next((b for b in visibles if b.acte == du), None)
    if principal is None and not suivi:
        principal = next((b for b in visibles if b.acte == PRENDRE_EN_CHARGE), None)
    seconds = [b for b in visibles if b is not principal][: 2 if principal else 3]
    montres = {b.acte for b in [principal, *seconds] if b is not None}
    reste = [b for b in offerts if b.acte not in montres]
    return Boutons(principal, seconds, sorted(reste, key=lambda b: b.est_dangereux))


def echeances_pour(compte: Compte, dossier: Dossier) -> list[Echeance]:
    """Return the open échéances of the dossier by date, legal ones last."""
    ouvertes: QuerySet[Echeance] = dossier.echeances.ouvertes().select_related(
        "responsable", "direction", "demande"
    )
    if not compte.est_agent:
        siennes = set(Echeance.objects.de(compte).filter(dossier=dossier.pk).values_list("pk", flat=True))
        return _legales_a_la_fin(e for e in ouvertes if e.est_legale or e.pk in siennes)
    return _legales_a_la_fin(ouvertes)


def _legales_a_la_fin(echeances: Iterable[Echeance]) -> list[Echeance]:
    return sorted(echeances, key=lambda e: (e.est_legale, e.date_limite))


def demandes_pour(compte: Compte, dossier: Dossier) -> list[LigneDemande]:
    """Return the demandes of the dossier that `compte` may see.

    Agents of the service see all of them; others see those addressed to them, their direction or their commune.
    """
    demandes = dossier.demandes.select_related("direction", "commune", "compte", "par", "piece")
    lignes = []
    for demande in demandes:
        a_moi = demande.est_pour(compte)
        if not (compte.est_agent or a_moi):
            continue
        ouverte = demande.est_ouverte
        agent = ouverte and Role.AGENT in compte.roles
        lignes.append(
            LigneDemande(
                demande,
                reverse("socle:relancer_demande", args=[demande.pk]) if agent else "",
                reverse("socle:annuler_demande", args=[demande.pk]) if agent else "",
                reverse("socle:repondre_demande", args=[demande.jeton()]) if ouverte and a_moi else "",
            )
        )
    return lignes
