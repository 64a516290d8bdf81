"""Pages of the acts on a forum, its tables, its registrations."""

from typing import Any

from django.urls import reverse

from contrat_ville.actions import forums
from contrat_ville.forms.inter_quartiers import forums as questions
from contrat_ville.lectures.inter_quartiers.conservation import inscrits_a_effacer
from contrat_ville.models import Forum, InscriptionForum, NoteDeTable, TableForum
from contrat_ville.workflow.inter_quartiers import INSCRIPTIONS_VIVANTES
from participation.socle.forms.actes import demander_texte
from participation.socle.francais import accorder, minuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page


def dire_aux_inscrits(forum: Forum) -> str:
    combien = forum.inscriptions.filter(etat__in=sorted(INSCRIPTIONS_VIVANTES)).count()
    if not combien:
        return "Aucune inscription pour l’instant."
    return f"{accorder(combien, 'personne inscrite est prévenue', 'personnes inscrites sont prévenues')} par courriel."


def inscrire_au_forum(inscription: InscriptionForum, *, par: Compte, **reponses: Any) -> InscriptionForum:
    return forums.inscrire_au_forum(inscription.forum, par=par, **reponses)


def dire_la_place(_: InscriptionForum, inscription: InscriptionForum) -> str:
    if inscription.presente_le is not None:
        return f"{inscription} : inscription prise, présence notée."
    if inscription.etat == "attente":
        return f"{inscription} est en liste d’attente, au rang {inscription.rang_d_attente}."
    return f"{inscription} a une place."


PREPARER_FORUM: Page[Forum] = Page(
    forums.preparer_forum,
    questions.ForumForm,
    "Personne ne le voit avant que vous ouvriez les inscriptions.",
    retour=lambda forum, fait: forum.get_absolute_url() if fait else reverse("contrat_ville:forums"),
    contexte=lambda *_: {"sujet": ""},
)
DU_FORUM: dict[str, Page[Forum]] = {
    "modifier_forum": Page(
        forums.modifier_forum,
        questions.ModifierForumForm,
        lambda forum: f"Si la date, l’heure ou le lieu change : {minuscule(dire_aux_inscrits(forum))}",
    ),
    "ouvrir_inscriptions": Page(
        forums.ouvrir_inscriptions, consequence="La page du forum devient publique ; chacun peut s’inscrire."
    ),
    "fermer_inscriptions": Page(
        forums.fermer_inscriptions,
        consequence="Plus personne ne s’inscrit en ligne ; vous pouvez encore inscrire quelqu’un.",
    ),
    "ajouter_table": Page(
        forums.ajouter_table,
        questions.TableForm,
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
        dire_aux_inscrits,
    ),
    "effacer_inscrits": Page(
        forums.effacer_inscrits,
        consequence=lambda forum: (
            f"{accorder(inscrits_a_effacer(forum).count(), 'inscription')} : nom, adresse, téléphone, langue, précisions "
            "et lettres sont effacés sans retour. Les nombres restent."
        ),
    ),
}
DES_TABLES: dict[str, Page[TableForum]] = {
    "modifier_table": Page(forums.modifier_table, questions.ModifierTableForm, retour="#tables")
}
DES_NOTES: dict[str, Page[NoteDeTable]] = {
    "corriger_note": Page(
        forums.corriger_note,
        questions.CorrigerNoteForm,
        "Tout le monde la lit, sans nom de personne, une fois le forum tenu.",
        retour="#tables",
    ),
    "retirer_note": Page(
        forums.retirer_note, consequence="Elle est effacée. Rien ne la fait revenir.", retour="#tables"
    ),
}
INSCRIRE: dict[str, Page[InscriptionForum]] = {
    "inscrire_au_forum": Page(
        inscrire_au_forum,
        questions.InscrireAuForumForm,
        "Si la personne laisse une adresse de courriel, sa place et son code d’entrée y sont envoyés.",
        bouton="Inscrire",
        succes=dire_la_place,
        retour=lambda inscription, _: reverse("contrat_ville:bureau_du_forum", args=[inscription.forum_id]),
        contexte=lambda request, inscription, form: {"sujet": inscription.forum.titre},
    )
}
DES_INSCRITS: dict[str, Page[InscriptionForum]] = {
    "annuler_inscription": Page(
        forums.annuler_inscription,
        consequence="La première personne qui attend a sa place, et en est prévenue.",
        retour="#inscriptions",
    ),
    "noter_presence": Page(forums.noter_presence, en_un_clic=True),
    "effacer_presence": Page(forums.effacer_presence, en_un_clic=True),
}
