"""Moderation: the public policy, its open data, the log of the agents, the contest by the author's link, its answer."""

from collections.abc import Iterator

import django_filters
from django.apps import apps
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.socle.actions.moderation import contester_moderation, juger_moderation
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.jeux import Champ, Contenu, Fiche, Fichiers, JeuDeDonnees, Type
from participation.socle.forms.moderation import ContesterForm, JugerForm
from participation.socle.francais import instant_texte, majuscule
from participation.socle.http.decorateurs import gardable, publique, reserve_a, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.journee import Attente, SectionJournee, Tache
from participation.socle.models import Compte, Moderation, RaisonModeration, Suivi
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import Page
from participation.socle.workflow import Role

A_JUGER_MONTREES = 20


class ModerationFilter(django_filters.FilterSet):  # type: ignore[misc]
    raison = django_filters.ModelChoiceFilter(
        label="Raison", queryset=RaisonModeration.objects.all(), empty_label="Toutes"
    )

    class Meta:
        model = Moderation
        fields: tuple[str, ...] = ()


def decisions() -> Iterator[tuple[str, str]]:
    """Yield what may be decided of a text of the public, and on what: the rows of every table that say what undoes them."""
    for modele in apps.get_models():
        if issubclass(modele, Suivi):
            for ligne in (modele.TRANSITIONS or modele.ACTES_COMMUNS).values():
                if ligne.defait_par:
                    yield ligne.fait, str(modele._meta.verbose_name)


@publique
@require_safe
@gardable(600)
def moderation(request: HttpRequest) -> HttpResponse:
    """The public policy: what is read, why a text is not shown, how to contest, and how often it happened."""
    raisons = RaisonModeration.objects.annotate(combien=Count("moderations")).order_by("pk")
    contestees = Moderation.objects.filter(contestee_le__isnull=False)
    return render(
        request,
        "socle/moderation/moderation.html",
        {
            "raisons": raisons.filter(Q(est_active=True) | Q(combien__gt=0)),
            "decisions": list(decisions()),
            "total": Moderation.objects.count(),
            "contestees": contestees.count(),
            "levees": contestees.filter(issue=Moderation.Issue.LEVEE).count(),
        },
    )


def _publiques() -> Iterator[Fiche]:
    lues = Moderation.objects.filter(dossier__est_reserve=False).select_related("raison", "dossier")
    for une in lues.order_by("decidee_le", "pk").iterator(chunk_size=500):
        yield {
            "jour": timezone.localdate(une.decidee_le),
            "domaine": une.dossier.app,
            "decision": une.acte,
            "raison": une.raison.code,
            "contestee": une.contestee_le is not None,
            "issue": une.issue,
        }


def _lire(request: HttpRequest) -> Contenu:
    lu = Moderation.objects.filter(dossier__est_reserve=False).aggregate(
        total=Count("pk"), derniere=Max("pk"), contestees=Count("contestee_le"), jugees=Count("jugee_le")
    )
    return Contenu(_publiques, lu["total"], "|".join(map(str, lu.values())))


JEU = JeuDeDonnees(
    cle="moderation",
    titre="Textes du public que le service n’a pas montrés",
    description="Une ligne par décision : le jour, la raison, si son auteur l’a contestée et ce qu’elle est devenue. Ni texte ni nom.",
    app="metropole",
    liste="decisions",
    champs=(
        Champ("jour", "Jour de la décision.", Type.JOUR),
        Champ("domaine", "Domaine du dossier."),
        Champ("decision", "Ce qui a été décidé, en un code."),
        Champ("raison", "Code de la raison, expliquée sur la page « Modération »."),
        Champ("contestee", "Si l’auteur a contesté.", Type.OUI_NON),
        Champ("issue", "« levee » : le texte a été rendu ; « maintenue » : la décision reste."),
    ),
    lire=_lire,
    fichiers=lambda: [Fichiers({f: reverse(f"socle:moderation_{f}") for f in ("csv", "json")})],
    exemple=_publiques,
    valeurs=lambda: [(f"raison = {r.code}", r.libelle) for r in RaisonModeration.objects.all()],
    page=reverse_lazy("socle:moderation"),
)


@reserve_a(Role.AGENT)
@require_safe
def moderations(request: RequeteConnectee) -> HttpResponseBase:
    """The log of the agents, with its export."""
    return page_liste(
        request,
        Liste(
            cle="socle:moderations",
            titre="Modération",
            objets=Moderation.objects.visibles_par(request.user).select_related(
                "raison", "dossier", "par", "jugee_par"
            ),
            filtres=ModerationFilter,
            colonnes=[
                Colonne("quoi", "Texte", lambda m: Cellule(m.quoi, sous=m.dossier.reference or "")),
                Colonne("raison", "Raison", lambda m: Cellule(m.raison.libelle, sous=m.motif[:120])),
                Colonne("decidee_le", "Décidé le", lambda m: m.decidee_le, tri="decidee_le"),
                Colonne("par", "Par", lambda m: str(m.par)),
                Colonne("contestee_le", "Contesté le", lambda m: m.contestee_le),
                Colonne(
                    "issue",
                    "Issue",
                    lambda m: (
                        "Attend une réponse" if m.attend_une_reponse else majuscule(m.get_issue_display())
                    ),
                ),
                Colonne("jugee_par", "Répondu par", lambda m: str(m.jugee_par or "")),
            ],
            tri="-decidee_le",
            singulier="décision",
            pluriel="décisions",
            lien=lambda m: (
                reverse("socle:juger_moderation", args=[m.pk])
                if m.attend_une_reponse and m.par_id != request.user.pk
                else m.dossier.get_absolute_url()
            ),
            vide="Chaque texte du public qu’un agent ne montre pas s’écrit ici, avec sa raison.",
        ),
    )


def section_moderation(compte: Compte) -> SectionJournee:
    """The contests that wait for an answer of somebody else than who decided, the oldest first."""
    attendues = Moderation.objects.a_juger_par
    return SectionJournee(
        "moderation",
        "Décisions contestées par leur auteur",
        [Attente(lambda: attendues(compte), lambda: _taches(compte))],
    )


def _taches(compte: Compte) -> list[Tache]:
    lues = Moderation.objects.a_juger_par(compte).select_related("dossier")
    return [
        Tache(
            f"Répondre à l’auteur : {une.quoi}",
            reverse("socle:juger_moderation", args=[une.pk]),
            "Répondre",
            sur_quoi=une.dossier.titre,
            app=une.dossier.app,
            depuis=une.contestee_le,
        )
        for une in lues.order_by("contestee_le", "pk")[:A_JUGER_MONTREES]
    ]


def moderation_du_bureau(request: RequeteConnectee, pk: int) -> Moderation:
    trouvee = get_object_or_404(Moderation.objects.select_related("raison", "par"), pk=pk)
    trouvee.dossier = trouver_dossier(request.user, trouvee.dossier_id)
    return trouvee


def dire_la_contestation(une: Moderation) -> str:
    dite = (
        f"Contesté le {instant_texte(une.contestee_le)} : « {une.contestation} »" if une.contestee_le else ""
    )
    ecrit = une.objet_lu.texte_modere
    return f"« {une.quoi} » Ce qui était écrit : « {ecrit} » Ce qui a été décidé, {une.raison.libelle.lower()} : {une.motif} {dite}"


PAGES: dict[str, Page[Moderation]] = {
    "juger_moderation": Page(
        juger_moderation, JugerForm, dire_la_contestation, succes="La réponse est partie."
    )
}


def _du_lien(jeton: str) -> Moderation | None:
    return Moderation.LIEN.trouver(jeton, Moderation.objects.select_related("raison", "dossier"))


def _inconnue(request: HttpRequest) -> HttpResponse:
    return lien_inconnu(request, "aucune décision")


@traduite
@personnelle(_du_lien, _inconnue)
def contester(request: HttpRequest, une: Moderation, jeton: str) -> HttpResponse:
    """Contest by the link of the letter, once, then read the answer there."""
    form, statut = ContesterForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            contester_moderation(une, **form.cleaned_data)
        except ErreurMetier as refus:
            form.add_error(None, refus.message)
            statut = 409
        else:
            return Ensuite(request.path)
    return render(
        request, "socle/moderation/contester.html", {"moderation": une, "form": form}, status=statut
    )
