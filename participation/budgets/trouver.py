"""Budgets, idées, projets, forums and votes by number, as the visitor may see them."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from participation.budgets.models import (
    Budget,
    BulletinPapier,
    Derogation,
    Forum,
    Idee,
    Incompatibilite,
    InscriptionForum,
    JalonProjet,
    LotDeCodes,
    NoteDeTable,
    Phase,
    ProjetQuartier,
    Scrutin,
    TableForum,
)
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero, par_numero_visible


def budget_en_ligne(pk: int) -> Budget:
    return get_object_or_404(Budget.objects.publics().avec_phases(), pk=pk)


scrutin_du_bureau = par_numero(Scrutin, "budget")
lot_du_bureau = par_numero(LotDeCodes, "scrutin__budget", "quartier")
papier_du_bureau = par_numero(BulletinPapier, "scrutin__budget", "premier_par", "second_par")
incompatibilite_du_bureau = par_numero(Incompatibilite, "scrutin__budget", "un", "autre")
derogation_du_bureau = par_numero(Derogation, "scrutin__budget", "ligne")


def budget_du_bureau(request: RequeteConnectee, pk: int) -> Budget:
    return get_object_or_404(Budget.objects.avec_phases(), pk=pk)


def nouveau_budget(request: RequeteConnectee) -> Budget:
    return Budget()


phase_du_bureau = par_numero(Phase, "budget")
idee_du_bureau = par_numero_visible(
    Idee, "budget", "projet_quartier", "table__forum", "agent", "direction", "auteur"
)


def nouvelle_idee(request: RequeteConnectee, pk: int) -> Idee:
    return Idee(budget=budget_du_bureau(request, pk))


projet_du_bureau = par_numero_visible(ProjetQuartier, "budget", "agent", "direction", "auteur")
jalon_du_bureau = par_numero(JalonProjet, "projet__budget")


def forum_en_ligne(pk: int) -> Forum:
    return get_object_or_404(Forum.objects.publics().select_related("budget"), pk=pk)


forum_du_bureau = par_numero(Forum, "budget")


def nouveau_forum(request: RequeteConnectee) -> Forum:
    # The form gives the other fields. The page needs a date to be shown.
    return Forum(debut=timezone.now(), fin=timezone.now())


table_du_bureau = par_numero(TableForum, "forum__budget")
note_du_bureau = par_numero(NoteDeTable, "table__forum")
inscription_du_bureau = par_numero(InscriptionForum, "evenement", "quartier")
