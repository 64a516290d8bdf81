"""Tables of the pages of acts on a budget, an idée, a projet, a forum."""

from typing import Any

from django.urls import reverse

from participation.budgets.conservation.lectures import auteurs_a_effacer
from participation.budgets.cycle import actes as cycle
from participation.budgets.forums import actes as forums
from participation.budgets.idees import actes as idees
from participation.budgets.models import (
    Budget,
    Forum,
    Idee,
    JalonProjet,
    NoteDeTable,
    Phase,
    ProjetQuartier,
    TableForum,
)
from participation.budgets.projets import actes as projets
from participation.budgets.projets import faisabilite as faisabilite_des_projets
from participation.budgets.projets import realisation
from participation.budgets.projets.vues import pour_reunir
from participation.inscriptions import actes as inscriptions
from participation.socle.forms.actes import demander_texte
from participation.socle.francais import accorder, minuscule, montant
from participation.socle.models import Compte
from participation.socle.regles.traces import dire_les_traces
from participation.socle.views.pages import Page, pages_de
from participation.suites.actes import AjouterSuiteForm


def dire_aux_auteurs(idee: Idee) -> str:
    combien = idee.auteurs.joignables().count()
    if not combien:
        return (
            "Personne n’est prévenu : qui a donné l’idée n’a pas laissé d’adresse, ou ne l’a pas confirmée."
        )
    return f"{accorder(combien, 'auteur est prévenu', 'auteurs sont prévenus')} par courriel."


def dire_avant_de_publier(idee: Idee) -> str:
    dit = dire_les_traces(f"{idee.titre}\n{idee.texte}\n{idee.lieu}")
    if dit:
        dit += " Ce qui dit qui est une personne est masqué dans le texte public : relisez-le."
    return f"{dire_aux_auteurs(idee)} {dit}".strip()


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
    cycle.preparer_budget,
    cycle.BudgetForm,
    "Personne ne le voit avant que vous le publiiez.",
    succes="Budget préparé. Fixez maintenant les dates des phases.",
    retour=lambda budget, fait: budget.get_absolute_url() if fait else reverse("budgets:budgets"),
    contexte=lambda *_: {"sujet": ""},
)
DU_BUDGET: dict[str, Page[Budget]] = {
    "modifier_budget": Page(cycle.modifier_budget, cycle.ModifierBudgetForm),
    "fixer_phases": Page(
        cycle.fixer_phases,
        cycle.FixerPhasesForm,
        "Cinq phases, dans cet ordre, jamais deux le même jour. Ce qui peut être fait chaque jour en découle.",
    ),
    "publier_budget": Page(
        cycle.publier_budget,
        consequence="La page du budget et ses dates deviennent publiques. Ensuite, une date ne change qu’avec une raison publique.",
    ),
    "creer_projet_quartier": Page(
        projets.creer_projet_quartier,
        projets.CreerProjetForm,
        "Chaque idée garde ses auteurs : ils sont prévenus.",
        succes=lambda _, projet: f"Projet {projet.reference} créé.",
        retour=lambda budget, projet: projet.get_absolute_url() if projet else budget.get_absolute_url(),
        gabarit="budgets/projets/reunir.html",
        contexte=pour_reunir,
    ),
    "clore_budget": Page(
        cycle.clore_budget, demander_texte("Un mot de bilan, public", facultatif=True), dire_la_cloture
    ),
    "effacer_auteurs": Page(
        cycle.effacer_auteurs,
        consequence=lambda budget: (
            f"{accorder(auteurs_a_effacer(budget).count(), 'personne')} : nom, adresse, téléphone et lettres sont "
            "effacés sans retour. Les idées restent."
        ),
    ),
}
DE_LA_PHASE: dict[str, Page[Phase]] = {
    "deplacer_phase": Page(
        cycle.deplacer_phase,
        cycle.DeplacerPhaseForm,
        "Les nouvelles dates et la raison sont publiques. Les autres phases gardent leurs dates.",
    )
}
SAISIR_IDEE: Page[Idee] = Page(
    saisir_idee,
    idees.SaisirIdeeForm,
    "Si la personne laisse un courriel, elle reçoit un lien pour suivre son idée.",
    bouton="Enregistrer l’idée",
    succes=lambda _, idee: f"Idée {idee.reference} enregistrée.",
    retour=lambda idee, _: reverse("budgets:idees", args=[idee.budget_id]),
    gabarit="budgets/idees/saisir_idee.html",
    contexte=lambda request, idee, form: {"sujet": idee.budget.titre},
)
LIRE = idees.LireIdeeForm
DE_L_IDEE: dict[str, Page[Idee]] = {
    "publier_idee": Page(idees.publier_idee, LIRE, dire_avant_de_publier),
    "corriger_idee": Page(idees.corriger_idee, LIRE, "Les mots de l’auteur restent au dossier."),
    "reunir_idee": Page(idees.reunir_idee, idees.ReunirIdeeForm, dire_aux_auteurs),
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
        projets.rediger_projet_quartier, projets.RedigerProjetForm, "Public dès l’enregistrement."
    ),
    "ajouter_idees": Page(projets.ajouter_idees, projets.AjouterIdeesForm, "Leurs auteurs sont prévenus."),
    "separer_idees": Page(
        projets.separer_idees,
        projets.SeparerIdeesForm,
        "Leurs auteurs sont prévenus, avec la raison.",
        retour=lambda projet, nouveau: (nouveau or projet).get_absolute_url(),
    ),
    "demander_faisabilite": Page(
        faisabilite_des_projets.demander_faisabilite,
        faisabilite_des_projets.DemanderFaisabiliteForm,
        "La direction reçoit le projet, ses idées sans leurs auteurs, et un lien pour répondre.",
    ),
    "declarer_faisable": Page(
        faisabilite_des_projets.declarer_faisable,
        faisabilite_des_projets.DeclarerFaisableForm,
        dire_a_tous_les_auteurs,
    ),
    "declarer_infaisable": Page(
        faisabilite_des_projets.declarer_infaisable,
        faisabilite_des_projets.DeclarerInfaisableForm,
        dire_a_tous_les_auteurs,
    ),
    "mettre_au_vote": Page(
        projets.mettre_au_vote,
        consequence=lambda projet: (
            f"Coût au vote : {montant(projet.cout)}. {dire_a_tous_les_auteurs(projet)}"
        ),
    ),
    "retirer_du_vote": Page(
        projets.retirer_du_vote,
        demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi."),
        dire_a_tous_les_auteurs,
    ),
    "lancer_realisation": Page(
        realisation.lancer_realisation, realisation.LancerRealisationForm, dire_a_tous_les_auteurs
    ),
    "ajouter_jalon": Page(
        realisation.ajouter_jalon,
        realisation.JalonForm,
        "L’étape et sa date sont publiques.",
        retour="#etapes",
    ),
    "achever_projet": Page(
        realisation.achever_projet,
        demander_texte("Un mot de fin, public", nom="texte", facultatif=True),
        dire_a_tous_les_auteurs,
    ),
    "ajouter_suite": Page(
        realisation.ajouter_suite,
        AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. Qui l’a demandé est prévenu, maintenant puis à chaque étape. "
        "La suite est publique si le dossier l’est.",
        retour="#suites",
    ),
    "abandonner_projet_quartier": Page(
        projets.abandonner_projet_quartier,
        demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi : la raison est publique."),
        dire_a_tous_les_auteurs,
    ),
}
DES_JALONS: dict[str, Page[JalonProjet]] = {
    "franchir_jalon": Page(
        realisation.franchir_jalon,
        realisation.FranchirJalonForm,
        lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    ),
    "corriger_jalon": Page(
        realisation.corriger_jalon,
        realisation.CorrigerJalonForm,
        lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    ),
    "retirer_jalon": Page(
        realisation.retirer_jalon,
        demander_texte("Pourquoi", erreur="Dites pourquoi : c’est écrit au journal."),
        "L’étape disparaît de la page publique. Personne n’est prévenu.",
        retour=lambda jalon, _: jalon.projet.get_absolute_url() + "#etapes",
    ),
    "deplacer_jalon": Page(
        realisation.deplacer_jalon,
        realisation.DeplacerJalonForm,
        lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    ),
}


PREPARER_FORUM: Page[Forum] = Page(
    forums.preparer_forum,
    forums.ForumForm,
    "Personne ne le voit avant que vous ouvriez les inscriptions.",
    retour=lambda forum, fait: forum.get_absolute_url() if fait else reverse("budgets:forums"),
    contexte=lambda *_: {"sujet": ""},
)
DU_FORUM: dict[str, Page[Forum]] = {
    "modifier_forum": Page(
        forums.modifier_forum,
        forums.ForumForm,
        lambda forum: (
            f"Si la date, l’heure ou le lieu change : {minuscule(inscriptions.dire_aux_inscrits(forum))}"
        ),
    ),
    "ouvrir_inscriptions": Page(
        forums.ouvrir_inscriptions, consequence="La page du forum devient publique ; chacun peut s’inscrire."
    ),
    "fermer_inscriptions": Page(
        forums.fermer_inscriptions,
        consequence="Plus personne ne s’inscrit en ligne ; vous pouvez encore inscrire quelqu’un.",
    ),
    "dresser_tables": Page(
        forums.dresser_tables,
        consequence="Chaque personne qui a une place reçoit une table, tirée pour mêler les quartiers. L’accueil la lit en face de son nom. Qui vient "
        "sans être inscrit s’assied où il veut. Refaites-le s’il manque du monde.",
        succes=lambda _, combien: f"{accorder(combien, 'personne est placée', 'personnes sont placées')}.",
        retour="#tables",
    ),
    "ajouter_table": Page(
        forums.ajouter_table,
        forums.TableForm,
        "Qui anime reçoit le lien pour noter sur son téléphone ce qui se dit à sa table.",
        retour="#tables",
    ),
    "tenir_forum": Page(
        forums.tenir_forum,
        consequence="Ce qui a été noté à chaque table est publié, sans nom de personne : relisez-le d’abord.",
    ),
    "annuler_forum": Page(
        forums.annuler_forum,
        demander_texte("Pourquoi", aide="Dit à qui s’est inscrit.", erreur="Dites pourquoi."),
        inscriptions.dire_aux_inscrits,
    ),
}
DU_FORUM |= pages_de(Forum, inscriptions)
DES_TABLES: dict[str, Page[TableForum]] = {
    "modifier_table": Page(forums.modifier_table, forums.ModifierTableForm, retour="#tables")
}
DES_NOTES: dict[str, Page[NoteDeTable]] = {
    "corriger_note": Page(
        forums.corriger_note,
        forums.CorrigerNoteForm,
        "Tout le monde la lit, sans nom de personne, une fois le forum tenu.",
        retour="#tables",
    ),
    "retirer_note": Page(
        forums.retirer_note, consequence="Elle est effacée. Rien ne la fait revenir.", retour="#tables"
    ),
}
DES_INSCRITS = pages_de(Forum, inscriptions, sur="inscriptionforum")
