"""Pages of the team of a projet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contrat_ville.bilan.indicateurs import reponses_de
from contrat_ville.bilan.lectures import apres_de, bilan_a_completer
from contrat_ville.instruction.dossier import budget_de, pieces_jointes, textes_de
from contrat_ville.instruction.lectures import commentaires_de, messages_de
from contrat_ville.models import Commentaire, Equipier, Programmation, Projet, Voisin
from contrat_ville.trouver import projet_de_l_equipe
from contrat_ville.workflow import A_INSTRUIRE, BROUILLON, EN_EXAMEN, PUBLIABLES, VIVANTS, Etat
from participation.socle.francais import accorder
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Demande
from participation.socle.views.dossier import avec_actes
from participation.socle.workflow import Apparence, Role


@dataclass(frozen=True, slots=True)
class Attente:
    quoi: str
    url: str
    depuis: datetime
    date_limite: date | None = None


def attentes_de(projets: Sequence[Projet]) -> dict[int, list[Attente]]:
    """Requests waiting for the team, by projet. Three queries, whatever the number of projets."""
    par_cle = {projet.pk: projet for projet in projets}
    lues: defaultdict[int, list[Attente]] = defaultdict(list)
    for demande in Demande.objects.filter(
        dossier__in=[p.pk for p in projets if p.etat in A_INSTRUIRE],
        nature=Demande.Nature.COMPLEMENT,
        repondue_le=None,
        annulee_le=None,
    ):
        url = f"{par_cle[demande.dossier_id].get_porteur_url()}#a-completer"
        lues[demande.dossier_id].append(
            Attente("Compléter le projet", url, demande.ouverte_le, demande.date_limite)
        )
    for cle, combien, depuis in _par_projet(
        Commentaire.objects.filter(etat=Commentaire.Etat.OUVERT), projets, EN_EXAMEN, "ecrit_le"
    ):
        quoi = f"Répondre à {accorder(combien, 'commentaire')} du service"
        lues[cle].append(Attente(quoi, f"{par_cle[cle].get_porteur_url()}#commentaires", depuis))
    for cle, combien, depuis in _par_projet(
        Voisin.objects.filter(etat=Voisin.Etat.RECU), projets, PUBLIABLES, "depuis_le"
    ):
        quoi = f"Répondre à {accorder(combien, 'équipe qui demande', 'équipes qui demandent')} un contact"
        lues[cle].append(Attente(quoi, f"{par_cle[cle].get_reseau_url()}#contacts", depuis))
    return dict(lues)


def _par_projet(lignes: Any, projets: Sequence[Projet], ici: frozenset[str], jour: str) -> Any:
    """(projet, number, oldest date), for the projets whose team may answer.

    A projet decided and not notified is left out: the request would reveal the decision.
    """
    cles = [p.pk for p in projets if p.etat in ici and not p.decision_tue]
    return (
        lignes.filter(projet__in=cles)
        .order_by("projet")
        .values_list("projet")
        .annotate(combien=Count("pk"), depuis=Min(jour))
    )


@require_safe
def mes_projets(request: RequeteConnectee) -> HttpResponse:
    """Drafts and projets of the teams of the account, each with what happens next."""
    lus: Any = Projet.objects.de_l_equipe(request.user).select_related("programmation", "porte_par")
    siens = list(lus)
    attentes = attentes_de(siens)
    return render(
        request,
        "contrat_ville/equipe/mes_projets.html",
        {
            "lignes": [(*ligne_de(projet), attentes.get(projet.pk, [])) for projet in siens],
            "invitations": invitations_de(request.user),
            "ouvertes": Programmation.objects.ouvertes(),
        },
    )


def invitations_de(compte: Compte) -> QuerySet[Equipier]:
    """Invitations into a team that wait for an answer."""
    vivants = Projet.objects.filter(etat__in=sorted(VIVANTS | BROUILLON))
    return Equipier.objects.filter(compte=compte, rejoint_le=None, projet__in=vivants).select_related(
        "projet", "invite_par"
    )


def ligne_de(projet: Projet, par: Compte | None = None) -> tuple[Projet, str, Apparence, str, str]:
    """(projet, état shown to the team, appearance, what happens next, what the team does, with links for `par`)."""
    apparence, mots = projet.APPARENCES[projet.etat_pour_le_porteur], projet.mots_de_suite()
    ensuite = apparence.ensuite.format_map(mots) if projet.decision_tue else projet.ensuite(mots)
    a_faire = apparence.pour.get(Role.AUTEUR, "") if projet.decision_tue else projet.a_faire(Role.AUTEUR, par)
    return (
        projet,
        str(Etat(projet.etat_pour_le_porteur).label),
        apparence,
        ensuite,
        avec_actes(projet, par, a_faire.format_map(mots)),
    )


@require_safe
def mon_projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a projet for its team. A decision not notified yet is not shown."""
    projet = projet_de_l_equipe(request, pk)
    _, libelle, apparence, ensuite, pour_vous = ligne_de(projet, request.user)
    return render(
        request,
        "contrat_ville/equipe/mon_projet.html",
        {
            "projet": projet,
            "libelle_etat": libelle,
            "apparence": apparence,
            "ensuite": ensuite,
            "pour_vous": pour_vous,
            "attentes": attentes_de([projet]).get(projet.pk, []),
            "textes": textes_de(projet),
            "budget": budget_de(projet),
            "pieces": pieces_jointes(projet, request.user),
            "apres": apres_de(projet),
            "bilan": getattr(projet, "bilan", None),
            "equipe": projet.equipe.select_related("compte"),
            "moi": projet.equipier(request.user),
            "peut_inviter": projet.permet("inviter_equipier", request.user),
            "lettre": projet.lettre_courante() if projet.notifie_le else None,
            "recours": list(projet.recours.all()) if projet.depose_le else [],
            "complement": projet.complement_ouvert() if projet.depose_le else None,
            "commentaires": [(c, c.actes_permis_a(request.user)) for c in commentaires_de(projet)],
            "messages_projet": messages_de(projet),
            "suites": projet.suites.a_montrer(),
            "peut_ecrire": projet.permet("ecrire_message", request.user),
            "demande_aide": not projet.decision_tue and projet.permet("demander_aide", request.user),
            "indicateurs": reponses_de(projet),
            "vise_indicateurs": projet.permet("prevoir_indicateurs", request.user),
            "rend_bilan": projet.permet("rendre_bilan", request.user),
            "bilan_a_completer": bilan_a_completer(projet),
            "va_au_reseau": not projet.decision_tue and projet.etat in PUBLIABLES,
            "retirable": projet.permet("retirer", request.user),
            "deposable": projet.permet("deposer", request.user),
        },
    )
