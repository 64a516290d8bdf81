"""The text written together: one page for agents (in the back office) and members (on a phone), and its acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ccspl.actions import redaction as actions
from ccspl.forms.redaction import (
    AccepterForm,
    AdopterSurPapierForm,
    NoterPositionForm,
    PreconiserForm,
    ProposerForm,
    RedigerForm,
    RefuserForm,
    RejeterForm,
    RouvrirRedactionForm,
)
from ccspl.lectures import presentation
from ccspl.models import Avis, Paragraphe, Preconisation, Proposition, VersionAvis, siege
from ccspl.views.saisines import trouver
from participation.socle.erreurs import ActeInterdit
from participation.socle.http import RequeteConnectee, est_un_numero, reserve_a
from participation.socle.regles.differences import comparer_textes
from participation.socle.views.actes import acte_depasse, page_acte, sans_ecraser
from participation.socle.workflow import Role

DECIDEES_MONTREES = 30
COUPURE = "#texte"


def lisible(request: RequeteConnectee, pk: int) -> Avis:
    """A text in progress is for agents and members only; raises Http404."""
    avis = trouver(request, pk)
    if not (request.user.est_agent or siege(request.user)):
        raise Http404
    return avis


def cadre(request: RequeteConnectee) -> dict[str, Any]:
    """Agents work in the back office, members on pages of the public look."""
    pour_membre = not request.user.est_agent
    return {
        "pour_membre": pour_membre,
        "cadre": "public.html" if pour_membre else "bureau.html",
        "titre_fil": "Texte de l’avis",
        "citation": "",
        "citation_titre": "",
    }


def page_du_texte(avis: Avis) -> str:
    return reverse("ccspl:redaction", args=[avis.pk])


def retour_de(request: RequeteConnectee, avis: Avis) -> str:
    """Back to the séance for who came from its screens, else to the text."""
    seance = presentation.seance_en_cours(avis) if request.GET.get("depuis") == "seance" else None
    if seance is None:
        return page_du_texte(avis) + COUPURE
    nom = "seances:animer" if request.user.est_agent else "seances:ma_seance_en_cours"
    return reverse(nom, args=[seance.pk])


@require_safe
def redaction(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The text, what is proposed about it, what is asked of the Métropole, who disagrees."""
    avis = trouver(request, pk)
    if not (request.user.est_agent or siege(request.user)):
        if avis.est_publie:
            return redirect(avis.get_public_url())
        raise Http404
    lus, orphelines = presentation.texte_a_plusieurs(avis)
    decidees = (
        avis.propositions.exclude(etat=Proposition.Etat.EN_ATTENTE)
        .select_related("auteur", "decidee_par", "membre__college", "paragraphe")
        .order_by("-decidee_le")
    )
    version = avis.versions.order_by("-numero").first()
    membre = actions.membre_de(request.user)
    positions = list(avis.positions.select_related("membre__compte__profil", "membre__commune"))
    return render(
        request,
        "ccspl/redaction/redaction.html",
        {
            **cadre(request),
            "avis": avis,
            "dossier": avis,
            "lus": lus,
            "orphelines": orphelines,
            "nombre_en_attente": sum(len(lu.propositions) for lu in lus) + len(orphelines),
            "decidees": [presentation.lire(p) for p in decidees[:DECIDEES_MONTREES]],
            "preconisations": presentation.preconisations_de(avis),
            "positions": positions,
            "version": version,
            "seance_en_cours": presentation.seance_en_cours(avis) if request.user.est_agent else None,
            "membre": membre,
            "ma_position": next((p for p in positions if membre and p.membre_id == membre.pk), None),
            "peut_rediger": avis.permet("rediger", request.user),
            "peut_proposer": avis.permet("proposer", request.user),
            "peut_noter": avis.permet("noter_position", request.user)
            and (membre is not None or request.user.est_agent),
            "vu": marque(avis),
        },
    )


def marque(avis: Avis) -> str:
    return f"{avis.modifie_le:%Y%m%d%H%M%S%f}"


@require_safe
def texte_change(request: RequeteConnectee, pk: int) -> HttpResponse:
    """204 while the page shows today's text; else one line with a link to read it again. Nothing is replaced under the reader."""
    avis = lisible(request, pk)
    if request.GET.get("vu", "") == marque(avis):
        return HttpResponse(status=204)
    return render(request, "ccspl/redaction/_change.html", {"avis": avis, "vu": marque(avis)})


# The text, by the service


@reserve_a(Role.AGENT)
def rediger(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Add to the text; `?apres=` says after which paragraph, the end by default."""
    avis = trouver(request, pk)
    apres = request.GET.get("apres", "")
    place = get_object_or_404(avis.paragraphes, pk=apres) if est_un_numero(apres) else None
    return page_acte(
        request,
        avis,
        "rediger",
        RedigerForm,
        lambda reponses: actions.rediger(avis, par=request.user, apres=place, **reponses),
        gabarit="ccspl/redaction/acte.html",
        contexte={
            **cadre(request),
            "citation": place.texte if place else "",
            "citation_titre": "Après ce paragraphe",
        },
        titre="Ajouter du texte",
        retour=page_du_texte(avis) + COUPURE,
        succes="Texte ajouté.",
    )


@reserve_a(Role.AGENT)
def rediger_paragraphe(request: RequeteConnectee, pk: int) -> HttpResponse:
    paragraphe = get_object_or_404(Paragraphe.objects.select_related("avis"), pk=pk)
    avis = trouver(request, paragraphe.avis_id)
    if paragraphe.supprime_le is not None:
        return acte_depasse(request, actions.PAS_DANS_LE_TEXTE, page_du_texte(avis))
    form = (
        RedigerForm(request.POST, paragraphe=paragraphe)
        if request.method == "POST"
        else RedigerForm(paragraphe=paragraphe)
    )

    def agir(reponses: dict[str, Any]) -> object:
        return actions.rediger(avis, par=request.user, paragraphe=paragraphe, **reponses)

    return page_acte(
        request,
        avis,
        "rediger",
        form,
        sans_ecraser(form, paragraphe, ["texte"], agir),
        gabarit="ccspl/redaction/acte.html",
        contexte=cadre(request),
        titre="Réécrire ce paragraphe",
        retour=page_du_texte(avis) + COUPURE,
        succes="Paragraphe réécrit.",
    )


def _en_un_geste(
    request: RequeteConnectee, avis: Avis, agir: Callable[[], object], succes: str, retour: str = ""
) -> HttpResponse:
    retour = retour or page_du_texte(avis) + COUPURE
    try:
        agir()
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, retour)
    messages.success(request, succes)
    return redirect(retour)


@require_POST
@reserve_a(Role.AGENT)
def supprimer_paragraphe(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    paragraphe = get_object_or_404(Paragraphe.objects.select_related("avis"), pk=pk)
    return _en_un_geste(
        request,
        paragraphe.avis,
        lambda: actions.supprimer_paragraphe(paragraphe, par=request.user),
        "Paragraphe supprimé. Il reste dans les versions.",
    )


@require_POST
@reserve_a(Role.AGENT)
def deplacer_paragraphe(request: RequeteConnectee, pk: int, sens: str) -> HttpResponseBase:
    paragraphe = get_object_or_404(Paragraphe.objects.select_related("avis"), pk=pk)
    return _en_un_geste(
        request,
        paragraphe.avis,
        lambda: actions.deplacer_paragraphe(paragraphe, par=request.user, sens=sens),
        "Paragraphe déplacé.",
        f"{page_du_texte(paragraphe.avis)}#p{pk}",
    )


# Wordings proposed


def proposer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """`?paragraphe=`: which one; without it, the wording goes to the top of the text."""
    avis = lisible(request, pk)
    numero = request.GET.get("paragraphe", "")
    paragraphe = get_object_or_404(avis.paragraphes, pk=numero) if est_un_numero(numero) else None
    if paragraphe is not None and paragraphe.supprime_le is not None:
        return acte_depasse(request, actions.PAS_DANS_LE_TEXTE, page_du_texte(avis))
    form = (
        ProposerForm(request.POST, paragraphe=paragraphe)
        if request.method == "POST"
        else ProposerForm(paragraphe=paragraphe)
    )

    def agir(reponses: dict[str, Any]) -> object:
        rang = reponses.pop("rang")
        try:
            return actions.proposer(avis, par=request.user, paragraphe=paragraphe, rang_vu=rang, **reponses)
        except ValidationError:
            if paragraphe is not None:  # what was typed is kept, on today's version
                paragraphe.refresh_from_db()
                donnees: Any = dict(form.data.items())
                donnees["rang"] = str(paragraphe.rang_version)
                form.data = donnees
            raise

    return page_acte(
        request,
        avis,
        "proposer",
        form,
        agir,
        gabarit="ccspl/redaction/acte.html",
        contexte={
            **cadre(request),
            "citation": paragraphe.texte if paragraphe else "",
            "citation_titre": "Le paragraphe aujourd’hui",
        },
        consequence="Le service répond à chaque proposition. Votre nom figure parmi les auteurs si elle est retenue.",
        retour=retour_de(request, avis),
        succes="Votre proposition est enregistrée. Le service y répondra.",
    )


@require_POST
def retirer_proposition(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    proposition = get_object_or_404(Proposition.objects.select_related("avis"), pk=pk, auteur=request.user)
    avis = lisible(request, proposition.avis_id)
    return _en_un_geste(
        request,
        avis,
        lambda: actions.retirer_proposition(proposition, par=request.user),
        "Votre proposition est retirée.",
    )


def _proposition(request: RequeteConnectee, avis_pk: int, pk: int) -> tuple[Proposition, Avis]:
    proposition = get_object_or_404(
        Proposition.objects.select_related("avis", "paragraphe", "auteur", "membre__college"),
        pk=pk,
        avis=avis_pk,
    )
    avis = trouver(request, avis_pk)
    return proposition, avis


@reserve_a(Role.AGENT)
def accepter(request: RequeteConnectee, avis_pk: int, pk: int) -> HttpResponse:
    """The difference word by word; both when the paragraph has changed since."""
    proposition, avis = _proposition(request, avis_pk, pk)
    if not proposition.est_en_attente:
        return acte_depasse(
            request, f"Cette proposition est déjà {proposition.get_etat_display()}.", page_du_texte(avis)
        )
    form = (
        AccepterForm(request.POST, proposition=proposition)
        if request.method == "POST"
        else AccepterForm(proposition=proposition)
    )

    def agir(reponses: dict[str, Any]) -> object:
        try:
            return actions.accepter(
                proposition, par=request.user, texte=reponses.get("texte"), rang_vu=reponses.get("rang")
            )
        except ValidationError:
            if proposition.paragraphe is not None:
                proposition.paragraphe.refresh_from_db()
                form.relire(proposition.paragraphe.rang_version)
            raise

    retour = retour_de(request, avis)
    contexte = {**cadre(request), "proposition": proposition, "depuis": request.GET.get("depuis", "")}
    # Read again once the act was tried: the differences shown are those of today's text.
    return page_acte(
        request,
        avis,
        "accepter",
        form,
        agir,
        gabarit="ccspl/redaction/accepter.html",
        contexte={**contexte, "lue": LueTardivement(proposition)},
        retour=retour,
        succes="Proposition acceptée. Son auteur est prévenu.",
    )


class LueTardivement:
    """The differences, computed when the page is rendered: after the act, if it was refused."""

    def __init__(self, proposition: Proposition) -> None:
        self.proposition = proposition

    def __getattr__(self, nom: str) -> Any:
        return getattr(presentation.lire(self.proposition), nom)


@reserve_a(Role.AGENT)
def refuser(request: RequeteConnectee, avis_pk: int, pk: int) -> HttpResponse:
    proposition, avis = _proposition(request, avis_pk, pk)
    if not proposition.est_en_attente:
        return acte_depasse(
            request, f"Cette proposition est déjà {proposition.get_etat_display()}.", page_du_texte(avis)
        )
    return page_acte(
        request,
        avis,
        "refuser",
        RefuserForm,
        lambda reponses: actions.refuser(proposition, par=request.user, **reponses),
        gabarit="ccspl/redaction/accepter.html",
        contexte={**cadre(request), "proposition": proposition, "lue": presentation.lire(proposition)},
        retour=retour_de(request, avis),
        succes="Proposition refusée. Son auteur est prévenu.",
    )


# Préconisations and positions


@reserve_a(Role.AGENT)
def preconiser(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    form = PreconiserForm(request.POST, avis=avis) if request.method == "POST" else PreconiserForm(avis=avis)
    return page_acte(
        request,
        avis,
        "preconiser",
        form,
        lambda reponses: actions.preconiser(avis, par=request.user, **reponses),
        gabarit="ccspl/redaction/acte.html",
        contexte=cadre(request),
        titre="Ajouter une préconisation",
        consequence="Chaque préconisation est une ligne à part, à laquelle une direction répondra.",
        retour=f"{page_du_texte(avis)}#preconisations",
        succes="Préconisation ajoutée.",
    )


@reserve_a(Role.AGENT)
def modifier_preconisation(request: RequeteConnectee, pk: int) -> HttpResponse:
    preconisation = get_object_or_404(Preconisation.objects.select_related("avis"), pk=pk)
    avis = trouver(request, preconisation.avis_id)
    form = (
        PreconiserForm(request.POST, avis=avis, preconisation=preconisation)
        if request.method == "POST"
        else PreconiserForm(avis=avis, preconisation=preconisation)
    )

    def agir(reponses: dict[str, Any]) -> object:
        return actions.preconiser(avis, par=request.user, preconisation=preconisation, **reponses)

    return page_acte(
        request,
        avis,
        "preconiser",
        form,
        sans_ecraser(form, preconisation, ["texte"], agir),
        gabarit="ccspl/redaction/acte.html",
        contexte=cadre(request),
        titre=f"Réécrire la préconisation {preconisation.numero}",
        retour=f"{page_du_texte(avis)}#preconisations",
        succes="Préconisation réécrite.",
    )


@require_POST
@reserve_a(Role.AGENT)
def retirer_preconisation(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    preconisation = get_object_or_404(Preconisation.objects.select_related("avis"), pk=pk)
    return _en_un_geste(
        request,
        preconisation.avis,
        lambda: actions.retirer_preconisation(preconisation, par=request.user),
        "Préconisation retirée.",
        f"{page_du_texte(preconisation.avis)}#preconisations",
    )


def noter_position(request: RequeteConnectee, pk: int) -> HttpResponse:
    """A member's own, or one that an agent notes for a member."""
    avis = lisible(request, pk)
    membre = actions.membre_de(request.user)
    pour_autrui = request.user.est_agent
    position = avis.positions.filter(membre=membre).first() if membre and not pour_autrui else None
    options: dict[str, Any] = {"avis": avis, "pour_autrui": pour_autrui, "position": position}
    form = (
        NoterPositionForm(request.POST, **options)
        if request.method == "POST"
        else NoterPositionForm(**options)
    )
    return page_acte(
        request,
        avis,
        "noter_position",
        form,
        lambda reponses: actions.noter_position(avis, par=request.user, **reponses),
        gabarit="ccspl/redaction/acte.html",
        contexte=cadre(request),
        consequence="Toute personne de la commission peut faire noter son désaccord. Il est publié avec l’avis, jusqu’à sa transmission.",
        retour=f"{page_du_texte(avis)}#positions",
        succes="Position notée.",
    )


# Versions


@require_safe
def versions(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Every text kept, and the difference between any two: `?de=` and `?a=` are their numbers."""
    avis = lisible(request, pk)
    toutes = list(avis.versions.select_related("par").order_by("-numero"))
    apres = _choisie(toutes, request.GET.get("a", ""), 0)
    avant = _choisie(toutes, request.GET.get("de", ""), 1)
    return render(
        request,
        "ccspl/redaction/versions.html",
        {
            **cadre(request),
            "titre_fil": "Versions",
            "avis": avis,
            "dossier": avis,
            "versions": toutes,
            "avant": avant,
            "apres": apres,
            "lignes": comparer_textes(avant.paragraphes if avant else [], apres.paragraphes) if apres else [],
            "lignes_preconisations": comparer_textes(
                avant.preconisations if avant else [], apres.preconisations
            )
            if apres
            else [],
        },
    )


def _choisie(toutes: list[VersionAvis], numero: str, defaut: int) -> VersionAvis | None:
    trouvee = next((v for v in toutes if est_un_numero(numero) and v.numero == int(numero)), None)
    return trouvee or (toutes[defaut] if len(toutes) > defaut else None)


# The vote


@reserve_a(Role.AGENT)
def soumettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    return page_acte(
        request,
        avis,
        "soumettre",
        None,
        lambda _: actions.soumettre(avis, par=request.user),
        consequence="Le texte ne change plus d’ici le vote. Les membres en sont prévenus.",
        apercu=("ccspl/soumettre", {"avis": avis, "lien": page_du_texte(avis)}),
    )


@reserve_a(Role.AGENT)
def rouvrir_redaction(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    return page_acte(
        request,
        avis,
        "rouvrir_redaction",
        RouvrirRedactionForm,
        lambda reponses: actions.rouvrir_redaction(avis, par=request.user, **reponses),
        consequence="Les membres peuvent de nouveau proposer. Ils reçoivent la raison.",
    )


@reserve_a(Role.AGENT)
def adopter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Adopted on paper: the séance does it by itself when it is held here."""
    avis = trouver(request, pk)
    form = (
        AdopterSurPapierForm(request.POST, dossier=avis)
        if request.method == "POST"
        else AdopterSurPapierForm(dossier=avis)
    )
    return page_acte(
        request,
        avis,
        "adopter",
        form,
        lambda reponses: actions.adopter(avis, par=request.user, **reponses),
        consequence="À utiliser quand le vote a eu lieu sans cet outil. Le texte est figé et publié, son PDF est fabriqué.",
    )


@reserve_a(Role.AGENT)
def rejeter(request: RequeteConnectee, pk: int) -> HttpResponse:
    avis = trouver(request, pk)
    form = RejeterForm(request.POST, dossier=avis) if request.method == "POST" else RejeterForm(dossier=avis)
    return page_acte(
        request,
        avis,
        "rejeter",
        form,
        lambda reponses: actions.rejeter(avis, par=request.user, **reponses),
        consequence="La rédaction reprend. Les membres reçoivent la raison.",
    )
