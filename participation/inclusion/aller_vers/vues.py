"""Pages of the actions of aller-vers: the list with where the service is heard least, and one action."""

import django_filters
from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from participation.inclusion.aller_vers import lectures
from participation.inclusion.models import ActionAllerVers
from participation.inclusion.trouver import action_du_bureau
from participation.inclusion.workflow import EtatAction
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune
from participation.socle.views.dossier import page_dossier
from participation.socle.views.listes import Cellule, Colonne, Liste, colonne_etat, page_liste
from participation.socle.workflow import Role


class ActionFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État", empty_label="Tous", choices=[(e.value, majuscule(e.label)) for e in EtatAction]
    )
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )

    class Meta:
        model = ActionAllerVers
        fields: list[str] = []


@reserve_a(Role.AGENT)
@require_safe
def liste_aller_vers(request: RequeteConnectee) -> HttpResponseBase:
    actions = ActionAllerVers.objects.visibles_par(request.user).select_related("agent")
    return page_liste(
        request,
        Liste(
            cle="inclusion:liste_aller_vers",
            titre="Aller-vers",
            chapeau="Aller là où sont les personnes que nous n’entendons pas.",
            objets=actions,
            filtres=ActionFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Action",
                    lambda a: Cellule(a.titre, sous=a.reference),
                    export=lambda a: a.titre,
                    tri="titre",
                ),
                colonne_etat("etat"),
                Colonne("jour", "Jour", lambda a: a.date_prevue, tri="date_prevue"),
                Colonne("lieu", "Lieu", lambda a: a.lieu),
                Colonne("public", "Public", lambda a: a.public),
                Colonne(
                    "rencontrees", "Rencontrées", lambda a: a.rencontrees, tri="rencontrees", nombre=True
                ),
                Colonne("cout", "Dépenses", lambda a: a.cout, tri="cout", nombre=True),
                Colonne("relais", "Relais", lambda a: a.relais, a_l_ecran=False),
                Colonne("heures", "Heures", lambda a: a.heures, a_l_ecran=False),
                Colonne("bilan", "Bilan", lambda a: a.bilan, a_l_ecran=False),
            ],
            tri="-date_prevue",
            singulier="action",
            pluriel="actions",
            app="inclusion",
            vide="Prévoyez une première action : où, quand, avec qui.",
        ),
        "inclusion/liste_aller_vers.html",
        {"moins_entendues": lectures.moins_entendues(), "en_chiffres": lectures.en_chiffres(actions)},
    )


@reserve_a(Role.AGENT)
@require_safe
def aller_vers(request: RequeteConnectee, pk: int) -> HttpResponse:
    action = action_du_bureau(request, pk)
    return page_dossier(
        request,
        action,
        "inclusion/aller_vers.html",
        {"cout_par_personne": lectures.cout_par_personne(action)},
    )
