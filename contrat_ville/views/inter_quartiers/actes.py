"""Pages of the acts on a budget, an idée or a projet de quartier."""

from typing import Any

from django.urls import reverse

from contrat_ville.actions import budgets, idees, projets_quartier, realisation
from contrat_ville.forms.inter_quartiers import budgets as des_budgets
from contrat_ville.forms.inter_quartiers import idees as des_idees
from contrat_ville.forms.inter_quartiers import projets as des_projets
from contrat_ville.lectures.inter_quartiers.conservation import auteurs_a_effacer
from contrat_ville.models import Budget, Idee, JalonProjet, Phase, ProjetQuartier
from contrat_ville.views.inter_quartiers.regrouper import pour_reunir
from participation.socle.forms.actes import demander_texte
from participation.socle.francais import accorder, montant
from participation.socle.models import Compte
from participation.socle.views.pages import Page


def dire_aux_auteurs(idee: Idee) -> str:
    combien = idee.auteurs.joignables().count()
    if not combien:
        return (
            "Personne n’est prévenu : qui a donné l’idée n’a pas laissé d’adresse, ou ne l’a pas confirmée."
        )
    return f"{accorder(combien, 'auteur est prévenu', 'auteurs sont prévenus')} par courriel."


def dire_a_tous_les_auteurs(projet: ProjetQuartier) -> str:
    combien = projet.idees.count()
    return f"Les auteurs {'de l’idée' if combien == 1 else f'des {combien} idées'} et les personnes qui suivent le projet sont prévenus."


def dire_la_cloture(budget: Budget) -> str:
    fin = "Plus rien ne change. Le délai de conservation des coordonnées des auteurs commence."
    if budget.est_au_bout:
        return fin
    phase = budget.phrase_de_phase().rstrip(".")
    return f"Ce budget n’est pas fini ({phase}) : une fois clos, on n’y dépose plus d’idée et on n’y vote plus. {fin}"


def saisir_idee(idee: Idee, *, par: Compte, **reponses: Any) -> Idee:
    return idees.saisir_idee(idee.budget, par=par, **reponses)


PREPARER_BUDGET: Page[Budget] = Page(
    budgets.preparer_budget,
    des_budgets.BudgetForm,
    "Personne ne le voit avant que vous le publiiez.",
    succes="Budget préparé. Fixez maintenant les dates des phases.",
    retour=lambda budget, fait: budget.get_absolute_url() if fait else reverse("contrat_ville:budgets"),
    contexte=lambda *_: {"sujet": ""},
)
DU_BUDGET: dict[str, Page[Budget]] = {
    "modifier_budget": Page(budgets.modifier_budget, des_budgets.ModifierBudgetForm),
    "fixer_phases": Page(
        budgets.fixer_phases,
        des_budgets.FixerPhasesForm,
        "Cinq phases, dans cet ordre, jamais deux le même jour. Ce qui peut être fait chaque jour en découle.",
    ),
    "publier_budget": Page(
        budgets.publier_budget,
        consequence="La page du budget et ses dates deviennent publiques. Ensuite, une date ne change qu’avec une raison publique.",
    ),
    "creer_projet_quartier": Page(
        projets_quartier.creer_projet_quartier,
        des_projets.CreerProjetForm,
        "Chaque idée garde ses auteurs : ils sont prévenus.",
        succes=lambda _, projet: f"Projet {projet.reference} créé.",
        retour=lambda budget, projet: projet.get_absolute_url() if projet else budget.get_absolute_url(),
        gabarit="contrat_ville/inter_quartiers/reunir.html",
        contexte=pour_reunir,
    ),
    "clore_budget": Page(
        budgets.clore_budget, demander_texte("Un mot de bilan, public", facultatif=True), dire_la_cloture
    ),
    "effacer_auteurs": Page(
        budgets.effacer_auteurs,
        consequence=lambda budget: (
            f"{accorder(auteurs_a_effacer(budget).count(), 'personne')} : nom, adresse, téléphone et lettres sont "
            "effacés sans retour. Les idées restent."
        ),
    ),
}
DE_LA_PHASE: dict[str, Page[Phase]] = {
    "deplacer_phase": Page(
        budgets.deplacer_phase,
        des_budgets.DeplacerPhaseForm,
        "Les nouvelles dates et la raison sont publiques. Les autres phases gardent leurs dates.",
    )
}
SAISIR_IDEE: Page[Idee] = Page(
    saisir_idee,
    des_idees.SaisirIdeeForm,
    "Si la personne laisse un courriel, elle reçoit un lien pour suivre son idée.",
    bouton="Enregistrer l’idée",
    succes=lambda _, idee: f"Idée {idee.reference} enregistrée.",
    retour=lambda idee, _: reverse("contrat_ville:idees", args=[idee.budget_id]),
    gabarit="contrat_ville/inter_quartiers/saisir_idee.html",
    contexte=lambda request, idee, form: {"sujet": idee.budget.titre},
)
LIRE = des_idees.LireIdeeForm
DE_L_IDEE: dict[str, Page[Idee]] = {
    "publier_idee": Page(idees.publier_idee, LIRE, dire_aux_auteurs),
    "corriger_idee": Page(idees.corriger_idee, LIRE, "Les mots de l’auteur restent au dossier."),
    "reunir_idee": Page(idees.reunir_idee, des_idees.ReunirIdeeForm, dire_aux_auteurs),
    "separer_idee": Page(
        idees.separer_idee, demander_texte("Pourquoi", erreur="Dites pourquoi."), dire_aux_auteurs
    ),
    "ecarter_idee": Page(
        idees.ecarter_idee,
        demander_texte(
            "Pourquoi", aide="Dit à qui a donné l’idée.", erreur="Dites pourquoi : qui a donné l’idée le lit."
        ),
        dire_aux_auteurs,
    ),
    "reprendre_idee": Page(
        idees.reprendre_idee, demander_texte("Pourquoi"), "Elle revient parmi celles à lire."
    ),
    "retirer_idee": Page(
        idees.retirer_idee,
        demander_texte("Comment cela vous a été demandé", facultatif=True),
        dire_aux_auteurs,
    ),
}
DU_PROJET: dict[str, Page[ProjetQuartier]] = {
    "rediger_projet_quartier": Page(
        projets_quartier.rediger_projet_quartier,
        des_projets.RedigerProjetForm,
        "Public dès l’enregistrement.",
    ),
    "ajouter_idees": Page(
        projets_quartier.ajouter_idees, des_projets.AjouterIdeesForm, "Leurs auteurs sont prévenus."
    ),
    "separer_idees": Page(
        projets_quartier.separer_idees,
        des_projets.SeparerIdeesForm,
        "Leurs auteurs sont prévenus, avec la raison.",
        retour=lambda projet, nouveau: (nouveau or projet).get_absolute_url(),
    ),
    "demander_faisabilite": Page(
        projets_quartier.demander_faisabilite,
        des_projets.DemanderFaisabiliteForm,
        "La direction reçoit le projet, ses idées sans leurs auteurs, et un lien pour répondre.",
    ),
    "declarer_faisable": Page(
        projets_quartier.declarer_faisable, des_projets.DeclarerFaisableForm, dire_a_tous_les_auteurs
    ),
    "declarer_infaisable": Page(
        projets_quartier.declarer_infaisable, des_projets.DeclarerInfaisableForm, dire_a_tous_les_auteurs
    ),
    "mettre_au_vote": Page(
        projets_quartier.mettre_au_vote,
        consequence=lambda projet: (
            f"Coût au vote : {montant(projet.cout)}. {dire_a_tous_les_auteurs(projet)}"
        ),
    ),
    "retirer_du_vote": Page(
        projets_quartier.retirer_du_vote,
        demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi."),
        dire_a_tous_les_auteurs,
    ),
    "lancer_realisation": Page(
        realisation.lancer_realisation, des_projets.LancerRealisationForm, dire_a_tous_les_auteurs
    ),
    "ajouter_jalon": Page(
        realisation.ajouter_jalon,
        des_projets.JalonForm,
        "L’étape et sa date sont publiques.",
        retour="#etapes",
    ),
    "achever_projet": Page(
        realisation.achever_projet,
        demander_texte("Un mot de fin, public", nom="texte", facultatif=True),
        dire_a_tous_les_auteurs,
    ),
    "abandonner_projet_quartier": Page(
        projets_quartier.abandonner_projet_quartier,
        demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi : la raison est publique."),
        dire_a_tous_les_auteurs,
    ),
}
DES_JALONS: dict[str, Page[JalonProjet]] = {
    "franchir_jalon": Page(
        realisation.franchir_jalon,
        des_projets.FranchirJalonForm,
        lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    ),
    "deplacer_jalon": Page(
        realisation.deplacer_jalon,
        des_projets.DeplacerJalonForm,
        lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    ),
}
