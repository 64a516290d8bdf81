"""Decisions to notify: list, filters, letters in a batch."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Count, Exists, Min, OuterRef
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.models import Equipier, LettreDecision, Programmation, Projet
from contrat_ville.notification import actes
from participation.socle.actions import un_a_un
from participation.socle.actions.pieces import PDF
from participation.socle.calendrier import jours_entre
from participation.socle.forms.filters import AgentFilter, Filtres
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Courrier
from participation.socle.views.colonnes import Colonne, colonne_etat, colonne_titre
from participation.socle.views.fichiers import servir
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.lots import ActeDeLot
from participation.socle.workflow import Role


class ANotifierFilter(Filtres):
    """Filters of the list of decisions to notify."""

    programmation = django_filters.ModelChoiceFilter(
        label="Programmation", queryset=Programmation.objects.all(), empty_label="Toutes"
    )
    agent = AgentFilter()

    class Meta:
        model = Projet
        fields: list[str] = []


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def a_notifier(request: RequeteConnectee) -> HttpResponseBase:
    courriers = Courrier.objects.a_poster().filter(lettre__startswith="contrat_ville/")
    return page_liste(
        request,
        Liste(
            cle="contrat_ville:a_notifier",
            titre="Décisions à notifier",
            objets=Projet.objects.a_notifier()
            .annotate(
                ecrit_a=Exists(
                    Equipier.objects.presents().filter(projet=OuterRef("pk"), compte__is_active=True)
                )
            )
            .select_related("porte_par", "agent")
            .prefetch_related("lettres"),
            filtres=ANotifierFilter,
            colonnes=[
                colonne_titre("Projet"),
                colonne_etat("etat"),
                Colonne("porteur", "Porteur", lambda p: p.porte_par, tri="porte_par__nom"),
                Colonne("lettre", "Lettre", montrer_la_lettre, export=dire_la_lettre),
                Colonne("decide_le", "Décidé depuis", lambda p: dire_l_age(p.decide_le), tri="decide_le"),
            ],
            tri="decide_le",
            singulier="décision",
            pluriel="décisions",
            app="contrat_ville",
            fil=[("Ma journée", reverse("socle:journee")), ("Projets", reverse("contrat_ville:projets"))],
            chapeau="Décidées, et pas encore dites à l’équipe du projet. La plus ancienne d’abord.",
            vide="Chaque décision est notifiée.",
            lots=[
                _lot("preparer_lettre", "Préparer les lettres", actes.preparer_lettre, request.user),
                _lot("notifier", "Notifier", actes.notifier, request.user),
            ],
        ),
        "contrat_ville/comites/a_notifier.html",
        {"a_poster": courriers.aggregate(combien=Count("pk"), depuis=Min("ecrit_le"))},
    )


def _lettre_de(projet: Projet) -> LettreDecision | None:
    return next((lettre for lettre in projet.lettres.all() if lettre.annulee_le is None), None)


def dire_la_lettre(projet: Any) -> str:
    lettre = _lettre_de(projet)
    if lettre is None:
        return "à préparer"
    if not lettre.signee:
        return "à signer"
    par_courriel = projet.ecrit_a or (projet.porte_par is not None and projet.porte_par.courriel)
    return "signée, à envoyer" if par_courriel else "signée, à poster"


def montrer_la_lettre(projet: Any) -> str:
    """State of the letter, with links to post it when no email can leave."""
    dit, lettre = dire_la_lettre(projet), _lettre_de(projet)
    if lettre is None or dit != "signée, à poster":
        return dit
    return format_html(
        '{} : <a href="{}">ouvrir la lettre</a>, puis <a href="{}">noter la décision postée</a>',
        "Signée, à poster",
        reverse("contrat_ville:lettre_signee", args=[lettre.pk]),
        reverse("contrat_ville:notifier_par_courrier", args=[projet.pk]),
    )


@require_safe
def lettre_signee(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Signed letter, for the agents, and for the team once notified."""
    lettre = get_object_or_404(
        LettreDecision.objects.visibles_par(request.user).exclude(signee="").select_related("projet"), pk=pk
    )
    return servir(
        request,
        lettre.signee,
        nom=f"decision-{lettre.projet.reference}.pdf",
        type_mime=PDF,
        empreinte=lettre.sha256,
        est_public=False,
    )


def dire_l_age(instant: datetime | None) -> str:
    if instant is None:
        return ""
    jours = jours_entre(instant, timezone.now())
    return accorder(jours, "jour") if jours else "aujourd’hui"


def _lot(cle: str, libelle: str, acte: Callable[..., Any], compte: Compte) -> ActeDeLot:
    return ActeDeLot(cle, libelle, lambda projets, _: un_a_un(projets, lambda p: acte(p, par=compte)))
