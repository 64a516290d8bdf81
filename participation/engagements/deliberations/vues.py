"""Pages of the délibérations: those that answer somebody, what each decided, its open data; taking up the file."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from participation.engagements.deliberations import lectures
from participation.engagements.deliberations.actes import ImporterForm, importer_deliberations
from participation.engagements.deliberations.regles import COLONNES
from participation.engagements.models import Deliberation, RefusDeDeliberations
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.jeux import Champ, JeuDeDonnees, Type, fichiers_de
from participation.socle.http.decorateurs import gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Dossier
from participation.socle.regles.textes import sans_controle
from participation.socle.views.donnees_ouvertes import fichier, lire_de
from participation.socle.views.exports import lignes_refusees
from participation.socle.workflow import Role
from participation.suites.rendu_compte.lectures import adresse_publique
from participation.suites.rendu_compte.vues import avec_dossiers

PAR_PAGE, REFUS_MONTRES = 20, 50


@publique
@require_safe
@gardable(300)
def deliberations(request: HttpRequest) -> HttpResponse:
    q = sans_controle(request.GET.get("q", "")).strip()[:120]
    trouvees = lectures.qui_comptent()
    if q:  # what is looked for may be any of the file
        trouvees = Deliberation.objects.filter(Q(objet__icontains=q) | Q(numero__icontains=q))
    page = Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagements/deliberations.html", {"page": page, "q": q})


@publique
@require_safe
@gardable(300)
def deliberation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, and on what."""
    trouvee = get_object_or_404(Deliberation, pk=pk)
    return render(
        request,
        "engagements/deliberation.html",
        {
            "deliberation": trouvee,
            "propositions": lectures.propositions_de(trouvee),
            "etudes": lectures.etudes_de(trouvee),
            "suites": avec_dossiers(lectures.suites_de(trouvee)),
            "engagements": lectures.engagements_de(trouvee),
        },
    )


@publique
@require_safe
@gardable(300)
def decisions(request: HttpRequest, reference: str) -> HttpResponse:
    """What was decided on a published dossier of any app, in which order."""
    publies = Dossier.objects.avec_enfants().filter(est_publie=True, est_reserve=False)
    trouve = get_object_or_404(publies, reference=reference)
    return render(
        request,
        "engagements/decisions.html",
        {"dossier": trouve, "adresse": adresse_publique(trouve), "decisions": lectures.decisions_sur(trouve)},
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: RequeteConnectee) -> HttpResponse:
    """Take up the file that the collectivité publishes. The page says what became of each row."""
    form = ImporterForm(request.POST or None, request.FILES or None, objet=None)
    bilan = None
    if request.method == "POST" and form.is_valid():
        try:
            bilan = importer_deliberations(form.cleaned_data["fichier"], par=request.user)
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "engagements/importer_deliberations.html",
        {
            "form": form,
            "bilan": bilan,
            "refus": bilan.refus[:REFUS_MONTRES] if bilan else [],
            "total": Deliberation.objects.count(),
            "colonnes": list(COLONNES),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def refus(request: RequeteConnectee) -> StreamingHttpResponse:
    dernier = get_object_or_404(RefusDeDeliberations, par=request.user)
    return lignes_refusees("deliberations-refusees", dernier.entetes, dernier.refus)


JEU = JeuDeDonnees(
    cle="deliberations",
    titre="Délibérations qui répondent à une voix",
    description="Les délibérations qui décident d’une proposition ou prouvent une suite, aux colonnes du schéma SCDL 2.1.4.",
    app="engagements",
    liste="deliberations",
    champs=(
        Champ("COLL_NOM", "Nom de la collectivité."),
        Champ("COLL_SIRET", "Son SIRET."),
        Champ("DELIB_ID", "Numéro de la délibération."),
        Champ("DELIB_DATE", "Date de la séance.", Type.JOUR),
        Champ("DELIB_MATIERE_CODE", "Code de la matière."),
        Champ("DELIB_MATIERE_NOM", "Matière."),
        Champ("DELIB_OBJET", "Objet."),
        Champ("BUDGET_ANNEE", "Année du budget."),
        Champ("BUDGET_NOM", "Budget."),
        Champ("PREF_ID", "Numéro de dépôt en préfecture."),
        Champ("PREF_DATE", "Date de réception en préfecture.", Type.JOUR),
        Champ("VOTE_EFFECTIF", "Membres en exercice.", Type.ENTIER),
        Champ("VOTE_REEL", "Votants.", Type.ENTIER),
        Champ("VOTE_POUR", "Voix pour.", Type.ENTIER),
        Champ("VOTE_CONTRE", "Voix contre.", Type.ENTIER),
        Champ("VOTE_ABSTENTION", "Abstentions.", Type.ENTIER),
        Champ("DELIB_URL", "Adresse du texte.", Type.ADRESSE),
    ),
    lire=lire_de(lectures.qui_comptent, lectures.fiches, "importee_le"),
    fichiers=fichiers_de("engagements:deliberations"),
    exemple=lambda: lectures.fiches(lectures.qui_comptent()),
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("engagements:deliberations"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
