"""Pages of the author: draft step by step, what the collectivité may act on, deposit, follow-up."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import pieces as actions_pieces
from participation.socle.collectivite import collectivite, ici_plus_tard
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Demande
from participation.socle.views.dossier import phrases
from participation.socle.views.pages import Page, agir, essayer, lier
from petitions import nouvelles
from petitions.conseil.lectures import frise_de
from petitions.conseil.vues import faits_de
from petitions.depot import actes
from petitions.depot.actes import CompetenceForm, PieceForm, TexteForm, VousForm
from petitions.models import Petition, Rapprochement, ReglementPetition
from petitions.trouver import apres_etape, brouillon_de, numero, page_etape, plus_un_brouillon
from petitions.workflow import Etat

Competence = tuple[str, str]  # name, examples

DECHETS = ("Déchets", "Collecte, déchèteries, compost, réemploi.")
EAU = ("Eau", "Eau potable, assainissement, eaux de pluie.")
RIVIERES = ("Rivières", "Entretien, zones humides, risques d’inondation.")
VOIRIE = ("Voirie et espaces publics", "Rues, trottoirs, places, pistes cyclables, stationnement.")
MOBILITES = ("Mobilités", "Bus, tram, vélos, autopartage.")
HABITAT = ("Habitat", "Logement social, rénovation, accueil des gens du voyage.")
VOYAGE = ("Gens du voyage", "Aires d’accueil.")
URBANISME = ("Urbanisme", "Plan local d’urbanisme intercommunal, grands projets.")
AMENAGEMENT = ("Aménagement", "Schéma de cohérence territoriale, zones d’aménagement.")
ENERGIE = ("Énergie, air, climat", "Réseau de chaleur, qualité de l’air, bruit.")
ECONOMIE = ("Économie et emploi", "Zones d’activité, tourisme.")
EQUIPEMENTS = ("Culture et sport", ici_plus_tard("Les équipements d’intérêt {metropolitain}."))
QUARTIERS = ("Politique de la ville", "Les quartiers prioritaires.")
CIMETIERES = ("Cimetières et crématorium", ici_plus_tard("Ceux d’intérêt {metropolitain}."))

# What the law gives to each kind, without what a statute or a delegation adds: the règlement says these (`competences`).
LEGALES: dict[str, tuple[Competence, ...]] = {
    # CGCT, L5217-2
    "metropole": (
        DECHETS, EAU, RIVIERES, VOIRIE, MOBILITES, HABITAT, URBANISME, ENERGIE, ECONOMIE, EQUIPEMENTS, QUARTIERS, CIMETIERES,
    ),
    # CGCT, L5215-20
    "urbaine": (
        DECHETS, EAU, RIVIERES, VOIRIE, MOBILITES, HABITAT, URBANISME, ENERGIE, ECONOMIE, EQUIPEMENTS, QUARTIERS, CIMETIERES,
    ),
    # CGCT, L5216-5, I
    "agglomeration": (DECHETS, EAU, RIVIERES, MOBILITES, HABITAT, AMENAGEMENT, ECONOMIE, QUARTIERS),
    # CGCT, L5214-16, I
    "communes": (DECHETS, RIVIERES, VOYAGE, AMENAGEMENT, ECONOMIE),
}  # fmt: skip

AUTRES: tuple[Competence, ...] = (
    (
        "Votre commune",
        "Écoles maternelles et élémentaires, crèches, police municipale, parcs de quartier, état civil.",
    ),
    ("Le Département", "Collèges, aide sociale, personnes âgées ou handicapées."),
    ("La Région", "Lycées, trains régionaux, cars entre les villes."),
    ("L’État", "Police nationale, justice, hôpitaux, impôts, immigration."),
)


def lire_competences(texte: str) -> list[Competence]:
    """Read one a line, « Eau : eau potable, rivières ». What has no colon has no example."""
    lignes = (ligne.strip() for ligne in texte.splitlines())
    return [
        (nom.strip(), exemples.strip()) for nom, _, exemples in (li.partition(":") for li in lignes if li)
    ]


def competences(nature: str, ecrites: str) -> list[Competence]:
    """Return those of the règlement; those of the law for this kind of intercommunalité while it writes none."""
    return lire_competences(ecrites) or list(LEGALES.get(nature, LEGALES["metropole"]))


PIECES_MAX = 5


PROCHES_MONTREES = 4


@publique
@gardable(60)
@require_safe
def commencer(request: HttpRequest) -> HttpResponse:
    """What a pétition is, what the règlement requires and what happens next; no account needed."""
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
    """Fragment of the first step: published pétitions close to the title being typed."""
    titre = request.GET.get("titre", "").replace("\0", "").strip()[:160]
    trouvees = petitions_proches(titre) if len(titre) >= 8 else []
    return render(request, "petitions/depot/_proches.html", {"proches": trouvees})


def petitions_proches(texte: str) -> list[Petition]:
    publiees = Petition.objects.publiees().filter(texte_masque=False).exclude(etat=Etat.RETIREE)
    return list(publiees.proches(texte)[:PROCHES_MONTREES])


@require_safe
def mes_petitions(request: RequeteConnectee) -> HttpResponse:
    """Drafts and pétitions of the account, each with its next step."""
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
    """Return the sentences « Ensuite » and « Pour vous » of the author.

    The sentence « Ensuite » of the table does not know that a draft is ready, or that a reformulation is asked for.
    """
    ensuite, pour_vous = phrases(petition, compte)
    if petition.etat == Etat.BROUILLON and not petition.copetitionnaires_manquants():
        ensuite = "les co-pétitionnaires demandés ont confirmé."
    elif petition.etat == Etat.DEPOSEE and petition.__dict__.get("a_reformuler"):
        ensuite = "le délai du comité est arrêté jusqu’à votre réponse."
    return ensuite, pour_vous


@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: RequeteConnectee) -> HttpResponse:
    """First step of a new draft: nothing is saved before the form is valid."""
    form = lier(request, TexteForm, Petition())
    reglement = ReglementPetition.objects.en_vigueur()
    if reglement is None:
        return redirect("petitions:commencer")
    if form.is_valid():
        textes = {champ: form.cleaned_data[champ] for champ in TexteForm.SURVEILLES}
        petition = essayer(form, lambda: actes.commencer(par=request.user, **textes))
        if petition is not None:
            return apres_etape(request, petition, "demande")
    return page_etape(request, None, "demande", {"form": form, "reglement": reglement})


@require_http_methods(["GET", "HEAD", "POST"])
def rediger(request: RequeteConnectee, pk: int, etape: str = "demande") -> HttpResponse:
    """One step of the draft: save the answers, complete or not, then go to the next step."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return plus_un_brouillon(request, petition)
    if etape == "pieces":
        return rediger_pieces(request, petition)
    page = REDACTION[etape]
    form = lier(request, page.form, petition)
    if etape == "vous" and "plus_tard" in request.POST and not form.is_valid():
        # Valid fields are saved; declarations wait until they are complete.
        gardes = {"nom_auteur": form.cleaned_data.get("nom_auteur", petition.nom_auteur)}
        if form.cleaned_data.get("commune"):
            gardes["commune_auteur"] = form.cleaned_data["commune"]
        actes.enregistrer_brouillon(petition, par=request.user, **gardes)
        return apres_etape(request, petition, etape)
    if form.is_valid():
        agir(page, petition, form, request.user)
        if not form.errors:
            return apres_etape(request, petition, etape)
    contexte: dict[str, Any] = {"form": form}
    if etape == "demande" and (autres := petition.copetitionnaires.confirmes().count() - 1) > 0:
        contexte["deja_confirme"] = (
            f"{accorder(autres, 'personne a', 'personnes ont')} confirmé ce texte. Si vous le changez, nous "
            "leur écrivons : chacune voit ce qui a changé et peut retirer son nom. Une feuille signée sur papier ne "
            "compte plus : il faudra la faire signer de nouveau."
        )
    if etape == "competence":
        contexte |= {
            "competences": competences(collectivite().nature, petition.reglement.competences),
            "autres": AUTRES,
            "proches": petitions_proches(petition.titre),
            "communes_choisies": bool(form["communes"].value()),
        }
    return page_etape(request, petition, etape, contexte)


def rediger_pieces(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    pieces = petition.pieces.filter(retiree_le__isnull=True)
    joindre = Page[Petition](partial(actions_pieces.joindre, est_publique=True), PieceForm)
    form = PieceForm(objet=petition)
    if "retirer" in request.POST:
        piece = get_object_or_404(pieces, pk=numero(request, "retirer"))
        actions_pieces.retirer_piece(piece, par=request.user)
        messages.success(request, f"« {piece.titre} » est retirée.")
        return redirect("petitions:rediger", petition.pk, "pieces")
    if request.method == "POST":
        form = lier(request, PieceForm, petition)
        if pieces.count() >= PIECES_MAX:
            form.add_error(None, f"Une pétition a {PIECES_MAX} pièces au plus. Retirez-en une d’abord.")
        elif form.is_valid():
            agir(joindre, petition, form, request.user)
        if not form.errors:
            messages.success(request, "La pièce est jointe.")
            return redirect("petitions:rediger", petition.pk, "pieces")
    return page_etape(request, petition, "pieces", {"form": form, "pieces": pieces, "maximum": PIECES_MAX})


@require_http_methods(["GET", "HEAD", "POST"])
def deposer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Last step: read the whole pétition, see what is missing, file it."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return redirect("petitions:ma_petition", pk)
    erreurs: list[str] = []
    if request.method == "POST":
        try:
            actes.deposer(petition, par=request.user)
        except ActeInterdit:
            raise
        except ErreurMetier as erreur:
            erreurs = [erreur.message]
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
    """Follow-up of a filed pétition by its author."""
    petition = brouillon_de(request, pk)
    if petition.etat == Etat.BROUILLON:
        return redirect("petitions:rediger", pk)
    ensuite, pour_vous = suite_de(petition, request.user)
    faits = faits_de(petition)
    return render(
        request,
        "petitions/depot/ma_petition.html",
        {
            "petition": petition,
            "ensuite": ensuite,
            "pour_vous": pour_vous,
            "frise": frise_de(faits),
            "rendez_vous": faits.rendez_vous,
            "nouvelles_auteur": nouvelles.nouvelles_pour(petition, request.user),
            "rapprochements": [
                (propose, propose.autre_que(petition), propose.accord_de(petition), propose.lien_de(petition))
                for propose in Rapprochement.objects.proposes()
                .de(petition)
                .select_related("petition", "vers")
            ],
            "reformulation": petition.reformulation_ouverte() if petition.etat == Etat.DEPOSEE else None,
            "echeance": petition.echeance_legale(),
            "confirmes": petition.copetitionnaires.confirmes().count(),
            "decompte": getattr(petition, "decompte", None),
            "pieces": petition.pieces.filter(retiree_le__isnull=True),
            "retirable": petition.permet("retirer", request.user),
        },
    )


REDACTION: dict[str, Page[Petition]] = {
    "demande": Page(actes.enregistrer_brouillon, TexteForm),
    "competence": Page(actes.enregistrer_brouillon, CompetenceForm),
    "vous": Page(actes.se_presenter, VousForm),
}
