"""Who writes a pétition: the draft step by step, the deposit, what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from participation.socle.actions import pieces as actions_pieces
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, gardable, publique
from participation.socle.models import Compte, Demande
from participation.socle.versions import TexteDepasse, empreinte
from participation.socle.views.actes import essayer, refuser
from participation.socle.views.dossier import phrases
from petitions.actions import depot as actions
from petitions.forms.depot import CompetenceForm, PieceForm, RetirerForm, TexteForm, VousForm
from petitions.lectures.parcours import frise_de
from petitions.models import Petition, ReglementPetition
from petitions.regles.competences import AUTRES, METROPOLE
from petitions.views.etapes import apres_etape, brouillon_de, numero, page_etape
from petitions.views.publiques import faits_de
from petitions.workflow import Etat

PIECES_MAX = 5
PROCHES_MONTREES = 4


@publique
@gardable(60)
@require_safe
def commencer(request: HttpRequest) -> HttpResponse:
    """What a pétition is, what the règlement asks, what will happen: before any account."""
    reglement = ReglementPetition.objects.en_vigueur()
    return render(
        request,
        "petitions/depot/commencer.html",
        {
            "reglement": reglement,
            "criteres": reglement.criteres.all() if reglement else [],
            "seuils": reglement.seuils.all() if reglement else [],
        },
    )


@publique
@gardable(60)
@require_safe
def proches(request: HttpRequest) -> HttpResponse:
    """Public pétitions like the title being typed: a fragment of the first step."""
    titre = request.GET.get("titre", "").replace("\0", "").strip()[:160]
    trouvees = petitions_proches(titre) if len(titre) >= 8 else []
    return render(request, "petitions/depot/_proches.html", {"proches": trouvees})


def petitions_proches(texte: str) -> list[Petition]:
    publiees = Petition.objects.publiees().filter(texte_masque=False).exclude(etat=Etat.RETIREE)
    return list(publiees.proches(texte)[:PROCHES_MONTREES])


@require_safe
def mes_petitions(request: RequeteConnectee) -> HttpResponse:
    """Drafts and pétitions of the person, each with what happens next."""
    siennes = (
        Petition.objects.filter(auteur=request.user)
        .exclude(etat=Etat.RETIREE, deposee_le__isnull=True)
        .avec_suite()
        .annotate(
            a_reformuler=Exists(
                Demande.objects.filter(
                    dossier=OuterRef("pk"),
                    nature=Demande.Nature.REFORMULATION,
                    repondue_le__isnull=True,
                    annulee_le__isnull=True,
                )
            )
        )
        .order_by("-cree_le", "-pk")
    )
    lignes = [(petition, *suite_de(petition, request.user)) for petition in siennes]
    return render(request, "petitions/depot/mes_petitions.html", {"lignes": lignes})


def suite_de(petition: Petition, compte: Compte) -> tuple[str, str]:
    """What comes next for the author; the table's sentences do not know that a draft is ready or that the comité waits."""
    deja = petition.__dict__
    if petition.etat == Etat.BROUILLON and deja.get("nombre_confirmes", 0) >= (
        petition.reglement.copetitionnaires_requis
    ):
        return "les co-pétitionnaires demandés ont confirmé.", "relisez la pétition, puis déposez-la."
    if petition.etat == Etat.DEPOSEE and deja.get("a_reformuler"):
        return (
            "le délai du comité est arrêté jusqu’à votre réponse.",
            "proposez la nouvelle rédaction que le comité demande.",
        )
    return phrases(petition, compte)


def nouvelle(request: RequeteConnectee) -> HttpResponse:
    """The first step of a draft that does not exist yet: nothing is kept until something is written."""
    brouillon = "plus_tard" in request.POST
    form = TexteForm(request.POST or None, brouillon=brouillon)
    reglement = ReglementPetition.objects.en_vigueur()
    if reglement is None:
        return redirect("petitions:commencer")
    if form.is_valid():
        try:
            petition = actions.commencer(par=request.user, **form.cleaned_data)
        except (ErreurMetier, ValidationError) as erreur:
            refuser(form, erreur)
        else:
            return apres_etape(request, petition, "demande")
    return page_etape(request, None, "demande", {"form": form, "reglement": reglement})


def rediger(request: RequeteConnectee, pk: int, etape: str = "demande") -> HttpResponse:
    """One step of the draft: its answers are kept, whole or not, then the next step."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return redirect("petitions:ma_petition", pk)
    if etape == "pieces":
        return rediger_pieces(request, petition)
    if etape == "vous":
        return rediger_vous(request, petition)
    classe: type[TexteForm | CompetenceForm] = CompetenceForm if etape == "competence" else TexteForm
    initial: dict[str, Any] = {
        champ: getattr(petition, champ) for champ in classe.base_fields if champ != "communes"
    }
    if etape == "competence":
        initial["communes"] = petition.communes.all()
    form = classe(request.POST or None, initial=initial, brouillon="plus_tard" in request.POST)
    surveilles = [champ for champ in classe.base_fields if champ != "communes"]
    vu = request.POST.get("vu", "") or empreinte(petition, surveilles)

    def enregistrer() -> None:
        nonlocal vu
        try:
            actions.enregistrer_brouillon(
                petition, par=request.user, vu=request.POST.get("vu", ""), **form.cleaned_data
            )
        except TexteDepasse:
            vu = empreinte(petition, surveilles)  # both are on the page now: sending it again is a choice
            raise

    if form.is_valid() and essayer(form, enregistrer):
        return apres_etape(request, petition, etape)
    contexte: dict[str, Any] = {"form": form, "vu": vu}
    if etape == "competence":
        contexte |= {
            "metropole": METROPOLE,
            "autres": AUTRES,
            "proches": petitions_proches(petition.titre),
            "communes_choisies": bool(form["communes"].value()),
        }
    return page_etape(request, petition, etape, contexte)


def rediger_vous(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    moi = petition.copetitionnaires.filter(courriel=request.user.courriel).first()
    initial: dict[str, Any] = {
        "prenom": moi.prenom if moi else request.user.prenom,
        "nom": moi.nom if moi else request.user.nom,
        "nom_auteur": petition.nom_auteur or request.user.get_full_name(),
        "commune": petition.commune_auteur_id,
        "qualite": moi.qualite if moi else "",
        "atteste_age": moi.atteste_age if moi else False,
    }
    form = VousForm(request.POST or None, initial=initial, reglement=petition.reglement)
    if "plus_tard" in request.POST and not form.is_valid():
        # What is written and right is kept; the declarations wait for the day they are complete.
        gardes = {"nom_auteur": form.cleaned_data.get("nom_auteur", petition.nom_auteur)}
        if form.cleaned_data.get("commune"):
            gardes["commune_auteur"] = form.cleaned_data["commune"]
        actions.enregistrer_brouillon(petition, par=request.user, **gardes)
        return apres_etape(request, petition, "vous")
    if form.is_valid() and essayer(
        form, lambda: actions.se_presenter(petition, par=request.user, **form.cleaned_data)
    ):
        return apres_etape(request, petition, "vous")
    return page_etape(request, petition, "vous", {"form": form})


def rediger_pieces(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    pieces = petition.pieces.filter(retiree_le__isnull=True)
    form = PieceForm()
    if "retirer" in request.POST:
        piece = get_object_or_404(pieces, pk=numero(request, "retirer"))
        actions_pieces.retirer_piece(piece, par=request.user)
        messages.success(request, f"« {piece.titre} » est retirée.")
        return redirect("petitions:rediger", petition.pk, "pieces")
    if request.method == "POST":
        form = PieceForm(request.POST, request.FILES)
        if pieces.count() >= PIECES_MAX:
            form.add_error(None, f"Une pétition a {PIECES_MAX} pièces au plus. Retirez-en une d’abord.")
        elif form.is_valid() and essayer(
            form,
            lambda: actions_pieces.joindre(
                petition, par=request.user, est_publique=True, **form.cleaned_data
            ),
        ):
            messages.success(request, "La pièce est jointe.")
            return redirect("petitions:rediger", petition.pk, "pieces")
    return page_etape(request, petition, "pieces", {"form": form, "pieces": pieces, "maximum": PIECES_MAX})


def deposer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Read everything once more, see what is missing, file."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return redirect("petitions:ma_petition", pk)
    erreurs: list[str] = []
    if request.method == "POST":
        try:
            actions.deposer(petition, par=request.user)
        except ActeInterdit:
            raise
        except ErreurMetier as erreur:
            erreurs = [erreur.message]
        except ValidationError as erreur:
            erreurs = erreur.messages
        else:
            messages.success(
                request,
                f"Votre pétition est déposée sous la référence {petition.reference}. L’accusé de réception est parti.",
            )
            return redirect("petitions:ma_petition", pk)
        petition.refresh_from_db()
    en_vigueur = ReglementPetition.objects.en_vigueur()
    return page_etape(
        request,
        petition,
        "deposer",
        {
            "erreurs": erreurs,
            "manques": petition.a_completer(),
            "reglement": en_vigueur or petition.reglement,
            "reglement_change": en_vigueur is not None and en_vigueur.pk != petition.reglement_id,
            "pieces": petition.pieces.filter(retiree_le__isnull=True),
            "confirmes": petition.copetitionnaires.confirmes().count(),
        },
    )


@require_safe
def ma_petition(request: RequeteConnectee, pk: int) -> HttpResponse:
    """What became of one's own pétition, and what comes next."""
    petition = brouillon_de(request, pk)
    if petition.etat == Etat.BROUILLON:
        return redirect("petitions:rediger", pk)
    ensuite, pour_vous = suite_de(petition, request.user)
    return render(
        request,
        "petitions/depot/ma_petition.html",
        {
            "petition": petition,
            "ensuite": ensuite,
            "pour_vous": pour_vous,
            "frise": frise_de(faits_de(petition)),
            "reformulation": petition.reformulation_ouverte() if petition.etat == Etat.DEPOSEE else None,
            "echeance": petition.echeance_legale(),
            "confirmes": petition.copetitionnaires.confirmes().count(),
            "pieces": petition.pieces.filter(retiree_le__isnull=True),
            "retirable": petition.permet("retirer", request.user),
        },
    )


def retirer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Give up a draft, or take a pétition back: the page says what is lost before anything is."""
    petition = brouillon_de(request, pk)
    if not petition.permet("retirer", request.user):
        raise ActeInterdit("Cette pétition ne peut plus être retirée.")
    est_brouillon = petition.etat == Etat.BROUILLON
    form = RetirerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.retirer(petition, par=request.user, motif=form.cleaned_data["motif"])
        messages.success(
            request, "Le brouillon est supprimé." if est_brouillon else "Votre pétition est retirée."
        )
        return redirect("petitions:mes_petitions")
    return render(
        request,
        "petitions/depot/retirer.html",
        {
            "petition": petition,
            "form": form,
            "est_brouillon": est_brouillon,
            "confirmes": petition.copetitionnaires.confirmes().count(),
        },
    )
