"""Who writes a pétition, and who files it with its author."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.actions import pieces as actions_pieces
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.http import RequeteConnectee, gardable, publique
from participation.socle.models import Compte, Demande
from participation.socle.views.actes import ajouter_erreurs
from participation.socle.views.dossier import phrases
from petitions.actions import depot as actions
from petitions.actions.recevabilite import reformulation_ouverte
from petitions.competences import AUTRES, METROPOLE
from petitions.forms.depot import (
    CompetenceForm,
    CopetitionnaireForm,
    ListeForm,
    PersonneForm,
    PieceForm,
    RejoindreForm,
    RetirerForm,
    TexteForm,
    VousForm,
)
from petitions.models import CoPetitionnaire, Petition, ReglementPetition
from petitions.parcours import frise_de
from petitions.views.publiques import faits_de
from petitions.workflow import Etat

ETAPES = {
    "demande": "Demande",
    "competence": "Qui peut agir",
    "vous": "Vous",
    "pieces": "Pièces",
    "copetitionnaires": "Co-pétitionnaires",
    "deposer": "Relire et déposer",
}
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
    if form.is_valid() and tenter(
        form, lambda: actions.enregistrer_brouillon(petition, par=request.user, **form.cleaned_data)
    ):
        return apres_etape(request, petition, etape)
    contexte: dict[str, Any] = {"form": form}
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
    if form.is_valid() and tenter(
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
        elif form.is_valid() and tenter(
            form,
            lambda: actions_pieces.joindre(
                petition, par=request.user, est_publique=True, **form.cleaned_data
            ),
        ):
            messages.success(request, "La pièce est jointe.")
            return redirect("petitions:rediger", petition.pk, "pieces")
    return page_etape(request, petition, "pieces", {"form": form, "pieces": pieces, "maximum": PIECES_MAX})


def copetitionnaires(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Invite, see who answered, remind. A list with lines that were not understood comes back with these lines alone."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return redirect("petitions:ma_petition", pk)
    liste, seul = ListeForm(), CopetitionnaireForm()
    bilan = lue = None
    if "inviter" in request.POST:
        liste = ListeForm(request.POST)
        if liste.is_valid():
            lue = liste.cleaned_data["liste"]
            bilan = inviter(petition, lue.personnes, request, liste)
    elif "ajouter" in request.POST:
        seul = CopetitionnaireForm(request.POST)
        if seul.is_valid():
            bilan = inviter(petition, [actions.Invitation(**seul.cleaned_data)], request, seul)
    elif "relancer" in request.POST:
        return relancer(request, petition)
    elif "retirer" in request.POST:
        actions.retirer_invitation(petition, numero(request, "retirer"), par=request.user)
        messages.success(request, "L’invitation est retirée.")
        return redirect("petitions:copetitionnaires", pk)
    if (
        bilan is not None
        and bilan.invites
        and not (bilan.deja or bilan.refuses or (lue and (lue.doubles or lue.incomprises)))
    ):
        messages.success(request, dire_invites(len(bilan.invites)))
        return redirect("petitions:copetitionnaires", pk)
    if lue is not None and bilan is not None:
        liste = ListeForm(initial={"liste": "\n".join(texte for _, texte in lue.incomprises)})
    tous = list(petition.copetitionnaires.select_related("commune").order_by("confirme_le", "pk"))
    confirmes = [c for c in tous if c.confirme_le and not c.retire_le]
    return page_etape(
        request,
        petition,
        "copetitionnaires",
        {
            "liste": liste,
            "seul": seul,
            "form": liste if liste.errors else seul,
            "bilan": bilan,
            "lue": lue,
            "dit": dire_invites(len(bilan.invites)) if bilan else "",
            "confirmes": confirmes,
            "attendus": [c for c in tous if not c.confirme_le and not c.retire_le],
            "refus": [c for c in tous if c.retire_le],
            "a_relancer": len(actions.copetitionnaires_a_relancer(petition)),
            "part": len(confirmes) / max(1, petition.reglement.copetitionnaires_requis),
            "manque": max(0, petition.reglement.copetitionnaires_requis - len(confirmes)),
            "lien_partage": request.build_absolute_uri(
                reverse("petitions:rejoindre", args=[actions.jeton_invitation(petition)])
            ),
        },
    )


def inviter(
    petition: Petition, personnes: list[actions.Invitation], request: RequeteConnectee, form: Any
) -> actions.BilanInvitations | None:
    try:
        return actions.inviter_copetitionnaires(petition, personnes, par=request.user)
    except (ErreurMetier, ValidationError) as erreur:
        refuser(form, erreur)
        return None


def dire_invites(nombre: int) -> str:
    if nombre == 0:
        return "Aucune nouvelle lettre n’est partie."
    return "Une lettre est partie." if nombre == 1 else f"{nombre} lettres sont parties."


def relancer(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    try:
        relances = actions.relancer_copetitionnaires(petition, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.info(request, erreur.message)
    else:
        messages.success(request, dire_invites(relances))
    return redirect("petitions:copetitionnaires", petition.pk)


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
            "manques": actions.manques(petition),
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
            "reformulation": reformulation_ouverte(petition) if petition.etat == Etat.DEPOSEE else None,
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


# Those who file with the author: no account, a signed link


@publique
@never_cache
def confirmer_copetitionnaire(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page behind the letter's link. Opening it does nothing: a program that reads mail cannot answer for a person."""
    try:
        numero = actions.relire_jeton_copetitionnaire(jeton)
    except signing.BadSignature as erreur:
        raise Http404 from erreur
    copetitionnaire = get_object_or_404(
        CoPetitionnaire.objects.select_related("petition__reglement", "commune"), pk=numero
    )
    petition = copetitionnaire.petition
    initial = {champ: getattr(copetitionnaire, champ) for champ in ("prenom", "nom", "commune", "qualite")}
    form = PersonneForm(
        request.POST if "confirmer" in request.POST else None, initial=initial, reglement=petition.reglement
    )
    refus = ""
    if "refuser" in request.POST:
        try:
            actions.retirer_copetitionnaire(copetitionnaire)
            return redirect("petitions:confirmer_copetitionnaire", jeton)
        except ErreurMetier as erreur:
            refus = erreur.message
    elif form.is_valid() and tenter(
        form, lambda: actions.confirmer_copetitionnaire(copetitionnaire, **form.cleaned_data)
    ):
        return redirect("petitions:confirmer_copetitionnaire", jeton)
    return render(
        request,
        "petitions/depot/confirmer_copetitionnaire.html",
        {
            "copetitionnaire": copetitionnaire,
            "petition": petition,
            "form": form,
            "refus": refus,
            "est_confirme": copetitionnaire.confirme_le is not None and copetitionnaire.retire_le is None,
            "est_retire": copetitionnaire.retire_le is not None,
            "est_brouillon": petition.etat == Etat.BROUILLON,
        },
    )


@publique
@never_cache
def rejoindre(request: HttpRequest, jeton: str) -> HttpResponse:
    """The link that an author shares. Whatever the address, the answer is the same: only its owner learns more."""
    try:
        numero = actions.relire_jeton_invitation(jeton)
    except signing.BadSignature as erreur:
        raise Http404 from erreur
    petition = get_object_or_404(Petition.objects.select_related("reglement"), pk=numero)
    form = RejoindreForm(request.POST or None, reglement=petition.reglement)
    demandee = False
    if petition.etat == Etat.BROUILLON and form.is_valid():
        reponses = {c: v for c, v in form.cleaned_data.items() if c != "atteste_age"}
        demandee = tenter(form, lambda: actions.demander_a_rejoindre(petition, **reponses))
    return render(
        request,
        "petitions/depot/rejoindre.html",
        {
            "petition": petition,
            "form": form,
            "demandee": demandee,
            "est_brouillon": petition.etat == Etat.BROUILLON,
        },
    )


# Helpers


def numero(request: HttpRequest, champ: str) -> int:
    """The number that a button of the page sends; 404 for anything else."""
    try:
        return int(request.POST[champ])
    except ValueError as erreur:
        raise Http404 from erreur


def brouillon_de(request: RequeteConnectee, pk: int) -> Petition:
    """The person's own pétition, draft or not; 404 for anybody else's."""
    siennes = Petition.objects.filter(auteur=request.user).exclude(etat=Etat.RETIREE, deposee_le__isnull=True)
    return get_object_or_404(siennes.select_related("reglement", "commune_auteur", "auteur"), pk=pk)


def page_etape(
    request: RequeteConnectee, petition: Petition | None, etape: str, contexte: dict[str, Any]
) -> HttpResponse:
    noms = list(ETAPES)
    rang = noms.index(etape)
    return render(
        request,
        f"petitions/depot/{etape}.html",
        {
            "petition": petition,
            "reglement": petition.reglement if petition else None,
            "etapes": list(ETAPES.values()),
            "rang": rang + 1,
            "url_precedente": adresse_etape(petition, noms[rang - 1]) if petition and rang else "",
            "url_suivante": adresse_etape(petition, noms[rang + 1])
            if petition and rang + 1 < len(noms)
            else "",
            **contexte,
        },
    )


def adresse_etape(petition: Petition, etape: str) -> str:
    if etape in {"copetitionnaires", "deposer"}:
        return reverse(f"petitions:{etape}", args=[petition.pk])
    return reverse("petitions:rediger", args=[petition.pk, etape])


def apres_etape(request: RequeteConnectee, petition: Petition, etape: str) -> HttpResponse:
    if "plus_tard" in request.POST:
        messages.success(
            request, "Votre brouillon est enregistré. Vous pouvez le reprendre quand vous voulez."
        )
        return redirect("petitions:mes_petitions")
    noms = list(ETAPES)
    return redirect(adresse_etape(petition, noms[noms.index(etape) + 1]))


def tenter(form: Any, agir: Callable[[], object]) -> bool:
    """Run an act; a refusal of the trade goes into the form, what was typed is kept."""
    try:
        agir()
    except (ActeInterdit, RoleInsuffisant):
        raise
    except (ErreurMetier, ValidationError) as erreur:
        refuser(form, erreur)
    return not form.errors


def refuser(form: Any, erreur: ErreurMetier | ValidationError) -> None:
    if isinstance(erreur, ErreurMetier):
        form.add_error(None, erreur.message)
    else:
        ajouter_erreurs(form, erreur)
