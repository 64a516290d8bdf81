"""Pages of the acts on a vote: codes, paper ballots, count."""

from django.shortcuts import get_object_or_404

from participation.budgets.models import (
    Budget,
    BulletinPapier,
    Derogation,
    Incompatibilite,
    LotDeCodes,
    Scrutin,
)
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import depouillement, scrutins, urne
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, pages, pages_de


def nouveau_scrutin(request: RequeteConnectee, pk: int) -> Scrutin:
    return scrutins.nouveau_scrutin(get_object_or_404(Budget, pk=pk))


NOUVEAU: dict[str, Page[Scrutin]] = pages(scrutins.preparer_scrutin)
DU_SCRUTIN: dict[str, Page[Scrutin]] = pages(
    scrutins.regler_scrutin,
    scrutins.declarer_incompatibles,
    scrutins.ouvrir_scrutin,
    scrutins.prolonger_scrutin,
    scrutins.fermer_scrutin,
    codes_de_vote.creer_lot,
    urne.retirer_papier,
    codes_de_vote.revoquer_code,
    codes_de_vote.remettre_code,
    codes_de_vote.emarger_papier,
    urne.saisir_papier,
    depouillement.depouiller_scrutin,
    depouillement.reprendre_depouillement,
    depouillement.deroger,
    depouillement.publier_resultats,
    scrutins.annuler_scrutin,
)
DES_LOTS: dict[str, Page[LotDeCodes]] = pages_de(Scrutin, codes_de_vote, sur="lotdecodes")
DES_PAPIERS: dict[str, Page[BulletinPapier]] = pages_de(Scrutin, urne, sur="bulletinpapier")
DES_INCOMPATIBILITES: dict[str, Page[Incompatibilite]] = pages_de(Scrutin, scrutins, sur="incompatibilite")
DES_DEROGATIONS: dict[str, Page[Derogation]] = pages_de(Scrutin, depouillement, sur="derogation")
