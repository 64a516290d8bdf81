"""Pages of agents about the count: signatures set aside, bursts, invalidations, thresholds, conservation."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import Tableau, donner, version_de
from participation.socle.workflow import Role
from petitions import pseudonymisation
from petitions.fraude import actes
from petitions.fraude.actes import FenetreForm, InvaliderForm, SignaturesEcarteesForm
from petitions.models import Decompte, FeuillePapier, Invalidation, Petition, SeuilEnAttente, Signature
from petitions.seuils import actes as seuils
from petitions.seuils.lectures import carte_de, jauges_de, jours_de, nombres_par_commune
from petitions.seuils.regles import ECRETE, ENSEMBLE
from petitions.trouver import petition_du_bureau

PAR_PAGE = 50


ENTETES = (
    "numero",
    "etat",
    "origine",
    "prenom",
    "nom",
    "courriel",
    "commune",
    "qualite",
    "demandee_le",
    "confirmee_le",
)


def contexte_signatures(petition: Petition) -> dict[str, Any]:
    """Return what the dossier shows of signatures: gauges, what waits for an agent, drift of the last
    recount."""
    if petition.collecte_ouverte_le is None:
        return {"signatures": None}
    ecartees = Signature.objects.filter(petition=petition, etat=Signature.Etat.ECARTEE).count()
    feuilles = petition.feuilles.filter(etat=FeuillePapier.Etat.A_CONTROLER).count()
    derive = Decompte.objects.filter(petition=petition).values_list("derive", flat=True).first()
    return {
        "signatures": {
            "jauges": jauges_de(petition, nombres_par_commune(petition), pour_agents=True),
            "ecartees": ecartees,
            "a_decider": list(petition.seuils_a_decider().select_related("seuil")),
            "ecartees_dit": f"{ecartees} à examiner",
            "feuilles": feuilles,
            "feuilles_dit": f"{feuilles} à contrôler",
            "derive": f"Le dernier recompte a trouvé un écart de {derive}." if derive else "",
        }
    }


@reserve_a(Role.AGENT)
@require_safe
def simuler_seuils(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    nombres = nombres_par_commune(petition)
    lectures = [
        (
            libelle,
            code == petition.reglement.lecture_du_tiers,
            seuils.evaluer_petition(petition, code),
            jauges_de(petition, nombres, code, pour_agents=True),
        )
        for code, libelle in (
            (ENSEMBLE, "Part de toutes les signatures"),
            (ECRETE, "Nombre après écrêtement"),
        )
    ]
    return render(
        request,
        "petitions/signatures/simuler_seuils.html",
        {
            "petition": petition,
            "lectures": lectures,
            "attentes": petition.seuils_en_attente.filter(fini_le=None).select_related("seuil", "decide_par"),
            "carte": carte_de(petition, nombres, pour_agents=True),
            "jours": jours_de(petition),
        },
    )


def seuil_en_attente_du_bureau(request: RequeteConnectee, pk: int) -> SeuilEnAttente:
    attentes = SeuilEnAttente.objects.select_related("petition__reglement", "seuil")
    return get_object_or_404(attentes.filter(petition__in=Petition.objects.au_bureau_de(request.user)), pk=pk)


DECISIONS: dict[str, Callable[..., int]] = {
    "admettre": actes.admettre_signatures,
    "rejeter": actes.rejeter_signatures,
    "reexaminer": actes.reexaminer_signatures,
}


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def signatures_ecartees(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Signatures set aside; with `?voir=rejetees`, the rejected ones, which may be examined again."""
    petition = petition_du_bureau(request, pk)
    siennes = Signature.objects.filter(petition=petition)
    voir_rejetees = request.GET.get("voir") == "rejetees"
    ecartees, rejetees = siennes.filter(etat=Signature.Etat.ECARTEE), siennes.rejetees()
    montrees = (rejetees if voir_rejetees else ecartees).order_by("-demandee_le", "-pk")
    page = Paginator(montrees.select_related("commune"), PAR_PAGE).get_page(request.GET.get("page"))
    numeros = list(montrees.values_list("pk", flat=True)) if request.method == "POST" else []
    form = SignaturesEcarteesForm(
        request.POST if request.method == "POST" else None, numeros=numeros, rejetees=voir_rejetees
    )
    if form.is_valid():
        agir = DECISIONS[form.cleaned_data["decision"]]
        nombre = agir(petition, par=request.user, signatures=form.choisies)
        messages.success(request, f"{accorder(nombre, 'signature traitée')}. Tout est au journal.")
        return redirect(request.get_full_path())
    return render(
        request,
        "petitions/fraude/signatures_ecartees.html",
        {
            "petition": petition,
            "page": page,
            "form": form,
            "voir_rejetees": voir_rejetees,
            "vue": montrees.aggregate(derniere=Max("pk"))["derniere"],
            "autres": ecartees.count() if voir_rejetees else rejetees.count(),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def rafales(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    form = FenetreForm(request.GET if request.GET else {"heures": 24, "minimum": 10})
    pics = actes.pics_de(petition, **form.cleaned_data) if form.is_valid() else []
    return render(
        request, "petitions/fraude/rafales.html", {"petition": petition, "form": form, "pics": pics}
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def invalider_signatures(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Form of the criteria; the next page shows the matching signatures before anything is done."""
    petition = petition_du_bureau(request, pk)
    form = InvaliderForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_valid():
        try:
            invalidation = actes.preparer_invalidation(
                petition, par=request.user, motif=form.cleaned_data["motif"], criteres=form.criteres
            )
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            return redirect("petitions:invalidation", invalidation.pk)
    return render(request, "petitions/fraude/invalider_signatures.html", {"petition": petition, "form": form})


def invalidation_du_bureau(request: RequeteConnectee, pk: int) -> Invalidation:
    return get_object_or_404(
        Invalidation.objects.select_related("petition", "par").filter(
            petition__in=Petition.objects.visibles_par(request.user)
        ),
        pk=pk,
    )


@reserve_a(Role.AGENT)
@require_safe
def invalidation(request: RequeteConnectee, pk: int) -> HttpResponse:
    invalidation = invalidation_du_bureau(request, pk)
    criteres = {cle: str(champ.label) for cle, champ in InvaliderForm.base_fields.items()}
    apercu = (
        actes.signatures_visees(invalidation.petition, invalidation.criteres).select_related("commune")[:20]
        if invalidation.etat == Invalidation.Etat.PREPAREE
        else []
    )
    return render(
        request,
        "petitions/fraude/invalidation.html",
        {
            "invalidation": invalidation,
            "petition": invalidation.petition,
            "criteres": [(criteres[cle], valeur) for cle, valeur in invalidation.criteres.items()],
            "apercu": apercu,
            "Etat": Invalidation.Etat,
            "actes": invalidation.actes_permis_a(request.user),
            "fait": invalidation.traitees
            if invalidation.etat == Invalidation.Etat.EN_COURS
            else max(0, invalidation.apercu - invalidation.traitees),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def retablir_signatures(request: RequeteConnectee, pk: int) -> HttpResponse:
    """List of the invalidations of the pétition, with their possible acts."""
    petition = petition_du_bureau(request, pk)
    return render(
        request,
        "petitions/fraude/retablir_signatures.html",
        {"petition": petition, "invalidations": petition.invalidations.select_related("par")},
    )


@reserve_a(Role.AGENT)
@require_safe
def exporter_signatures(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """CSV of all signatures, read with a server-side cursor: memory does not depend on their number."""
    petition = petition_du_bureau(request, pk)
    total, version = version_de(Signature.objects.filter(petition=petition))
    return donner(
        request,
        Tableau(
            f"signatures-{petition.reference}", ENTETES, lambda: lignes_exportees(petition), total, version
        ),
    )


def lignes_exportees(petition: Petition) -> Iterator[tuple[object, ...]]:
    signatures = Signature.objects.filter(petition=petition).order_by("pk")
    colonnes = (
        "pk",
        "etat",
        "origine",
        "prenom",
        "nom",
        "courriel",
        "commune__nom",
        "qualite",
        "demandee_le",
        "confirmee_le",
    )
    for ligne in signatures.values_list(*colonnes).iterator(chunk_size=2000):
        yield (*ligne[:8], *(timezone.localtime(le) if le else "" for le in ligne[8:]))


@reserve_a(Role.AGENT)
@require_safe
def conservation(request: RequeteConnectee) -> HttpResponse:
    """Pétitions to pseudonymise, in progress, and done."""
    return render(
        request,
        "petitions/fraude/conservation.html",
        {
            "proposees": pseudonymisation.petitions_a_pseudonymiser(),
            "en_cours": [
                (petition, *pseudonymisation.avancement(petition))
                for petition in pseudonymisation.petitions_en_cours()
            ],
            "faites": Petition.objects.filter(pseudonymisee_le__isnull=False).order_by("-pseudonymisee_le")[
                :20
            ],
        },
    )
