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
from participation.budgets.vote import depouillement, regles, scrutins, urne
from participation.budgets.vote.lectures import deux_saisies
from participation.socle.francais import accorder, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page


def nouveau_scrutin(request: RequeteConnectee, pk: int) -> Scrutin:
    return scrutins.nouveau_scrutin(get_object_or_404(Budget, pk=pk))


NOUVEAU: dict[str, Page[Scrutin]] = {
    "preparer_scrutin": Page(
        scrutins.preparer_scrutin,
        scrutins.ReglesForm,
        "Ces règles sont montrées au public mot pour mot. Elles ne changent plus une fois le vote ouvert.",
    )
}
DU_SCRUTIN: dict[str, Page[Scrutin]] = {
    "regler_scrutin": Page(
        scrutins.regler_scrutin,
        scrutins.ReglesForm,
        "Ces règles sont montrées au public mot pour mot. Elles ne changent plus une fois le vote ouvert.",
    ),
    "declarer_incompatibles": Page(
        scrutins.declarer_incompatibles,
        scrutins.IncompatiblesForm,
        "Dès que l’un des deux est retenu, l’autre est écarté.",
        retour="#incompatibles",
    ),
    "ouvrir_scrutin": Page(
        scrutins.ouvrir_scrutin,
        consequence="La liste des projets, leurs coûts, la somme et les règles sont figés et publiés. La graine du tirage est tirée et publiée.",
    ),
    "prolonger_scrutin": Page(
        scrutins.prolonger_scrutin,
        consequence=lambda s: (
            f"Le dernier jour devient le {jour_texte(s.phase_fin())}, dernier jour de la phase du vote."
            if s.phase_fin()
            else ""
        ),
    ),
    "fermer_scrutin": Page(
        scrutins.fermer_scrutin,
        consequence="Plus aucun bulletin n’entre dans l’urne. Les bulletins sont mêlés, puis les bulletins papier sont saisis.",
    ),
    "creer_lot": Page(
        codes_de_vote.creer_lot,
        codes_de_vote.LotForm,
        "Chaque code donne un bulletin. Les codes n’existent que sur les feuilles ou dans les lettres : la base n’en garde qu’une empreinte.",
        retour="#codes",
        succes=lambda s, lot: f"{accorder(lot.nombre, 'code se prépare', 'codes se préparent')}.",
    ),
    "retirer_papier": Page(
        urne.retirer_papier,
        urne.RetirerPapierForm,
        "Les saisies de ce numéro ne comptent plus. Le bulletin, s’il existe, se saisit de nouveau, par deux personnes.",
        retour="#papiers",
    ),
    "revoquer_code": Page(
        codes_de_vote.revoquer_code,
        codes_de_vote.RevoquerCodeForm,
        "Ce code ne donnera plus de bulletin. Un code qui a déjà servi ne se révoque pas.",
        retour="#codes",
    ),
    "remettre_code": Page(
        codes_de_vote.remettre_code,
        codes_de_vote.RemettreCodeForm,
        "Vérifiez d’abord que la personne peut voter et n’a pas déjà un code : sinon, révoquez le sien. Le code s’affiche une seule fois.",
        succes=lambda s, fait: (
            f"Code n° {fait[0]} : {regles.ecrire_code(fait[1])}. Donnez-le à la personne : il ne s’affichera plus."
        ),
    ),
    "emarger_papier": Page(
        codes_de_vote.emarger_papier,
        codes_de_vote.EmargerForm,
        "Le code est rayé, et la personne reçoit un bulletin papier à mettre dans l’urne. Le bulletin ne porte pas le code.",
        succes="Le code est rayé : donnez un bulletin papier à la personne.",
    ),
    "saisir_papier": Page(
        urne.saisir_papier,
        urne.PapierForm,
        "Écrivez un numéro sur chaque bulletin en ouvrant l’urne. Deux personnes le saisissent, sans voir ce que l’autre a saisi.",
        gabarit="budgets/vote/saisir_papier.html",
        succes=lambda s, papier: (
            f"Bulletin n° {papier.numero} saisi"
            + (" : les deux saisies diffèrent, un agent tranchera." if papier.differe else ".")
        ),
        retour="#papiers",
    ),
    "depouiller_scrutin": Page(
        depouillement.depouiller_scrutin,
        depouillement.DepouillerForm,
        lambda s: (
            f"{s.dire_les_manquants()} Tous les bulletins sont comptés par les deux règles. Celle du règlement fait le "
            "résultat. Rien n’est encore publié."
        ).strip(),
        retour="#resultat",
    ),
    "reprendre_depouillement": Page(
        depouillement.reprendre_depouillement,
        depouillement.ReprendreForm,
        "Le résultat est mis de côté, et les écarts décidés sont retirés. Les bulletins restent comme ils sont.",
    ),
    "deroger": Page(
        depouillement.deroger,
        depouillement.DerogerForm,
        "La décision s’éloigne du résultat. La raison est publiée avec le résultat du calcul, qui reste montré.",
        retour="#resultat",
    ),
    "publier_resultats": Page(
        depouillement.publier_resultats,
        consequence="Le résultat, les bulletins anonymes et de quoi les recompter sont publiés. Les auteurs des idées sont prévenus.",
    ),
    "annuler_scrutin": Page(
        scrutins.annuler_scrutin,
        scrutins.AnnulerScrutinForm,
        "Les bulletins sont effacés et ne comptent pas. Un autre vote pourra être préparé.",
    ),
}
DES_LOTS: dict[str, Page[LotDeCodes]] = {
    "remettre_lot": Page(
        codes_de_vote.remettre_lot,
        consequence="Le fichier est effacé : assurez-vous que les feuilles sont imprimées. Les codes restent valables.",
        retour="#codes",
    ),
    "revoquer_lot": Page(
        codes_de_vote.revoquer_lot,
        codes_de_vote.RevoquerLotForm,
        "Aucun code de ce lot ne donnera plus de bulletin. Les bulletins déjà donnés comptent : ils ne sont pas reliés aux codes.",
        retour="#codes",
        succes=lambda lot, combien: f"{accorder(combien, 'code révoqué')}.",
    ),
}
DES_PAPIERS: dict[str, Page[BulletinPapier]] = {
    "trancher_papier": Page(
        urne.trancher_papier,
        urne.TrancherForm,
        "Reprenez le papier : ce que vous saisissez est ce qui compte.",
        gabarit="budgets/vote/trancher_papier.html",
        contexte=lambda request, papier, form: {"saisies": deux_saisies(papier) if papier.differe else []},
        retour="#papiers",
    )
}
DES_INCOMPATIBILITES: dict[str, Page[Incompatibilite]] = {
    "lever_incompatibilite": Page(scrutins.lever_incompatibilite, retour="#incompatibles")
}
DES_DEROGATIONS: dict[str, Page[Derogation]] = {
    "lever_derogation": Page(depouillement.lever_derogation, retour="#resultat")
}
