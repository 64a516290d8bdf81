"""Forums: prepared, opened, held; tables and notes; their forms."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from participation.budgets.models import Budget, Forum, NoteDeTable, TableForum
from participation.budgets.workflow.budget import EtatBudget
from participation.inscriptions import actes as inscriptions
from participation.inscriptions.actes import EvenementForm
from participation.inscriptions.lectures import dire_aux_inscrits
from participation.inscriptions.workflow import EtatInscription
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.bd.verrous import verrou
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_courriel,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import accorder, minuscule
from participation.socle.models import Compte
from participation.socle.regles.placement import Contraintes, placer
from participation.socle.views.pages import Page, acte

E = EtatInscription


class ForumForm(EvenementForm):
    CHAMPS = (*EvenementForm.CHAMPS, "budget", "texte")
    field_order = (
        "titre", "budget", "jour", "de", "a", "lieu", "adresse", "acces", "texte", "places", "date_limite",
    )  # fmt: skip

    budget: Any = champ_parmi("Budget", Budget.objects.none(), requis=False, vide="Aucun")
    texte = champ_texte("Déroulement", maximum=3000, lignes=4)

    def preparer(self) -> None:
        self.choisir("budget", Budget.objects.filter(etat__in=[EtatBudget.PREPARATION, EtatBudget.OUVERT]))


@acte(
    Page[Forum](
        ouvre=True,
        form=ForumForm,
        consequence="Personne ne le voit avant que vous ouvriez les inscriptions.",
        retour=lambda forum, fait: forum.get_absolute_url() if fait else reverse("budgets:forums"),
        contexte=lambda *_: {"sujet": ""},
    )
)
def preparer_forum(forum: Forum, *, par: Compte, **champs: Any) -> Forum:
    avancer(forum, "preparer_forum", par=par, champs=champs)
    return forum


@acte(
    Page[Forum](
        form=ForumForm,
        consequence=lambda forum: (
            f"Si la date, l’heure ou le lieu change : {minuscule(dire_aux_inscrits(forum))}"
        ),
    )
)
def modifier_forum(forum: Forum, *, par: Compte, **champs: Any) -> None:
    inscriptions.modifier(forum, "modifier_forum", par=par, champs=champs)


@acte(Page[Forum](consequence="La page du forum devient publique ; chacun peut s’inscrire."))
def ouvrir_inscriptions(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "ouvrir_inscriptions", par=par)


@acte(Page[Forum](consequence="Plus personne ne s’inscrit en ligne ; vous pouvez encore inscrire quelqu’un."))
def fermer_inscriptions(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "fermer_inscriptions", par=par)


@acte(
    Page[Forum](
        consequence="Ce qui a été noté à chaque table est publié, sans nom de personne : relisez-le d’abord."
    )
)
def tenir_forum(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "tenir_forum", par=par)


@acte(
    Page[Forum](
        form=demander_texte("Pourquoi", aide="Dit à qui s’est inscrit.", erreur="Dites pourquoi."),
        consequence=dire_aux_inscrits,
    )
)
def annuler_forum(forum: Forum, *, par: Compte, motif: str) -> None:
    inscriptions.annuler(forum, "annuler_forum", par=par, motif=motif)


class TableForm(ActeForm):
    numero = champ_nombre("Numéro", minimum=1, maximum=200)
    sujet = champ_ligne("Sujet", maximum=120)
    animateur = champ_ligne("Qui anime", maximum=120, requis=False)
    courriel = champ_courriel(
        "Son courriel", "Elle ou il reçoit le lien pour noter sur son téléphone.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        dernier = self.objet.tables.order_by("-numero").first()
        return {"numero": dernier.numero + 1 if dernier else 1}


# Tables
@acte(
    Page[Forum](
        form=TableForm,
        consequence="Qui anime reçoit le lien pour noter sur son téléphone ce qui se dit à sa table.",
        retour="#tables",
    )
)
@transaction.atomic
def ajouter_table(
    forum: Forum, *, par: Compte, numero: int, sujet: str, animateur: str = "", courriel: str = ""
) -> TableForum:
    """Add a table. The facilitator gets by email a link to take notes, without an account."""
    pas = exiger(forum, "ajouter_table", par=par)
    table = enregistrer(
        TableForum(forum=forum, numero=numero, sujet=sujet, animateur=animateur, courriel=courriel)
    )
    pas.avancer(fait=f"Table {numero} ajoutée : {sujet}")
    if courriel:
        _dire_ajouter_table(table)
    return table


@acte(
    Page[Forum](
        consequence="Chaque personne qui a une place reçoit une table, tirée pour mêler les quartiers. L’accueil la lit en face de son nom. Qui vient "
        "sans être inscrit s’assied où il veut. Refaites-le s’il manque du monde.",
        succes=lambda _, combien: f"{accorder(combien, 'personne est placée', 'personnes sont placées')}.",
        retour="#tables",
    )
)
@transaction.atomic
def dresser_tables(forum: Forum, *, par: Compte) -> int:
    """Seat who has a place, quartiers mixed. Done again, everybody is seated anew. Return how many are seated."""
    pas = exiger(forum, "dresser_tables", par=par)
    numeros = list(forum.tables.order_by("numero", "pk").values_list("pk", flat=True))
    quartiers = dict(forum.inscriptions.filter(etat=E.INSCRITE).values_list("pk", "quartier"))
    contraintes = Contraintes(profils={pk: (quartier,) for pk, quartier in quartiers.items()})
    dressees = placer(sorted(quartiers), len(numeros), contraintes, graine=forum.pk)
    forum.inscriptions.update(table=None)
    for table, personnes in zip(numeros, dressees, strict=True):
        forum.inscriptions.filter(pk__in=personnes).update(table=table)
    pas.avancer(
        fait=f"{accorder(len(quartiers), 'personne placée', 'personnes placées')} à {accorder(len(numeros), 'table')}"
    )
    return len(quartiers)


class ModifierTableForm(TableForm):
    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in ("numero", "sujet", "animateur", "courriel")}


@acte(Page[TableForum](form=ModifierTableForm, retour="#tables"))
@transaction.atomic
def modifier_table(
    table: TableForum, *, par: Compte, numero: int, sujet: str, animateur: str = "", courriel: str = ""
) -> None:
    """Change a table. A new facilitator gets a new link, and the former link stops working."""
    pas = exiger(table, "modifier_table", par=par)
    est_autre = courriel != table.courriel
    rang = table.rang_du_lien + (1 if est_autre and table.courriel else 0)
    pas.avancer(
        champs={
            "numero": numero,
            "sujet": sujet,
            "animateur": animateur,
            "courriel": courriel,
            "rang_du_lien": rang,
        }
    )
    if est_autre and courriel:
        _dire_ajouter_table(table)


@transaction.atomic
def noter_a_la_table(
    table: TableForum, *, par: Compte | None, texte: str, cle: uuid.UUID | None = None
) -> NoteDeTable:
    """Save a note that is not an idée. The same `cle` twice makes one note."""
    if cle is not None:
        verrou(f"note:{cle}")
        if (deja := NoteDeTable.objects.filter(cle=cle).first()) is not None:
            return deja
    pas = exiger(table, "noter_a_la_table", par=par)
    if not texte.strip():
        raise ErreurMetier("Écrivez ce qui s’est dit.")
    note = enregistrer(NoteDeTable(table=table, texte=texte.strip(), cle=cle))
    pas.avancer(fait=f"Note prise à la table {table.numero}")
    return note


class CorrigerNoteForm(ActeForm):
    texte = champ_texte("Ce qui s’est dit", "Sans nom de personne.", maximum=2000, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"texte": self.objet.texte}


@acte(
    Page[NoteDeTable](
        form=CorrigerNoteForm,
        consequence="Tout le monde la lit, sans nom de personne, une fois le forum tenu.",
        retour="#tables",
    )
)
def corriger_note(note: NoteDeTable, *, par: Compte, texte: str) -> None:
    """Correct a note, for instance to remove a name before publication."""
    avancer(note, "corriger_note", par=par, champs={"texte": texte})


@acte(Page[NoteDeTable](consequence="Elle est effacée. Rien ne la fait revenir.", retour="#tables"))
@transaction.atomic
def retirer_note(note: NoteDeTable, *, par: Compte) -> None:
    pas = exiger(note, "retirer_note", par=par)
    NoteDeTable.objects.filter(pk=note.pk).delete()
    pas.avancer()


def _dire_ajouter_table(table: TableForum) -> None:
    """Send the facilitator the link to take notes at the table from a phone."""
    ecrire(
        "budgets/ajouter_table",
        a=[table.courriel],
        cle=f"table-forum:{table.pk}:{table.courriel}"
        + (f":{table.rang_du_lien}" if table.rang_du_lien else ""),
        contexte={
            "table": table,
            "forum": table.forum,
            "lien": reverse("budgets:table_par_lien", args=[table.jeton()]),
        },
    )
