"""Notes taken at the tables, grouped by agents; what each group becomes; dots; evaluation in three questions."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.rencontres.models import (
    AuteurDeNote,
    Evaluation,
    Gommette,
    Groupe,
    Inscription,
    Note,
    Rencontre,
    TableRencontre,
)
from participation.rencontres.models.manques import libres
from participation.rencontres.recolte.lectures import devenirs
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.moderation import moderer
from participation.socle.actions.pieces import joindre_photo
from participation.socle.actions.preuves import demandeur
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.courriels.porte import lu
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_langue,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.forms.moderation import ModererForm
from participation.socle.forms.photos import PhotoField
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte, Direction, Moderation, RaisonModeration
from participation.socle.views.pages import Page, acte
from participation.suites import actes as suites

TROP_DE_NOTES = (
    "Beaucoup a été noté à cette table en une heure. Votre texte est toujours là : envoyez-le plus tard."
)


class NoterForm(EnvoiUnique):
    """What the note-taker writes at her table, several notes in a row."""

    ORIGINE = "rencontres.note"

    texte = champ_texte(
        "Ce qui se dit",
        "Une idée par note, sans nom de personne. Le micro du clavier marche ici.",
        maximum=2000,
        lignes=5,
        erreur="Écrivez ce qui se dit.",
        attributs={"autocapitalize": "sentences", "enterkeyhint": "enter"},
    )
    photo = PhotoField(
        label="Photo du tableau",
        help_text="Sans visage. Le lieu et la date cachés dans l’image sont retirés.",
    )
    courriel = champ_courriel(
        "Adresse de qui l’a dit", "Elle reçoit un lien, puis ce que devient sa note.", requis=False
    )

    langue = champ_langue()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["photo"].widget.attrs["data-photo"] = ""


@transaction.atomic
def noter(
    table: TableRencontre,
    *,
    par: Compte | None,
    texte: str,
    photo: "ContentFile[bytes] | None" = None,
    courriel: str = "",
    langue: str = "",
    cle: uuid.UUID | None = None,
) -> Note:
    """Save a note; the same `cle` twice makes one. The rencontre is locked. Raises ErreurMetier beyond the limit."""
    pas = exiger(table, "noter", par=par)
    if cle is not None and (deja := Note.objects.filter(cle=cle).first()) is not None:
        return deja
    rencontre = table.rencontre
    recentes = table.notes.filter(le__gt=timezone.now() - timedelta(hours=1)).count()
    if par is None and recentes >= rencontre.regle.notes_par_heure:
        raise ErreurMetier(TROP_DE_NOTES)
    note = Note(table=table, texte=texte.strip(), cle=cle)
    note.full_clean()
    if photo is not None:
        titre = f"Photo de la table {table.numero}"
        note.photo = joindre_photo(rencontre, photo.read(), titre=titre, par=par)
    note.save()
    pas.avancer(fait=f"Note prise à la table {table.numero}")
    if courriel.strip():
        auteur = demandeur(AuteurDeNote, courriel.strip().lower(), note_id=note.pk)
        auteur.langue = langue or FRANCAIS
        auteur.save()
        _dire_suivre_note(auteur)
    return note


@transaction.atomic
def suivre_note(auteur: AuteurDeNote) -> None:
    """Prove the address: she will be told. Safe to do twice."""
    if not auteur.est_prouvee:
        avancer(auteur, "suivre_note", par=None, champs={"confirme_le": timezone.now()})


@acte(Page[Note](retour=lambda note, _: chez(note.table.rencontre)))
def corriger_note(
    note: Note,
    *,
    par: Compte,
    texte: Annotated[
        str, champ_texte("Ce qui se dit", "Sans nom de personne.", maximum=2000, lignes=4), ACTUEL
    ],
) -> None:
    avancer(note, "corriger_note", par=par, champs={"texte": texte})


@acte(
    Page[Note](
        form=ModererForm,
        consequence="Elle ne se voit plus, ni dans la salle ni en public.",
        retour=lambda note, _: chez(note.table.rencontre),
    )
)
@transaction.atomic
def ecarter_note(note: Note, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    avancer(note, "ecarter_note", par=par, champs={"ecartee_le": timezone.now(), "groupe": None}, motif=motif)
    adresses = note.auteurs.filter(confirme_le__isnull=False).values_list("courriel", flat=True)
    _dire_ecarter_note(
        note,
        moderer(
            note,
            "ecarter_note",
            dossier=note.table.rencontre,
            par=par,
            raison=raison,
            motif=motif,
            adresses=adresses,
        ),
    )


def rendre_note(note: Note, *, par: Compte, motif: str) -> None:
    """Show a note again whose author contested and was right, in the transaction of the answer."""
    Note.objects.filter(pk=note.pk).update(ecartee_le=None)


def chez(rencontre: Rencontre) -> str:
    return f"{rencontre.get_absolute_url()}recolte/"


class GrouperForm(ActeForm):
    notes = champ_cases("Notes qui disent la même chose", [], erreur="Cochez au moins une note.")
    groupe = champ_parmi(
        "Dans un groupe déjà fait", Groupe.objects.none(), requis=False, vide="Un nouveau groupe"
    )
    titre = champ_ligne("Titre du nouveau groupe", maximum=160, requis=False)

    def preparer(self) -> None:
        notes: Any = self.fields["notes"]
        notes.choices = [(str(n.pk), f"Table {n.table.numero} : {n.texte}") for n in libres(self.objet).select_related("table")]  # fmt: skip
        self.choisir("groupe", Groupe.objects.filter(rencontre=self.objet, fait_le=None))

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        if not dit.get("groupe") and not dit.get("titre"):
            self.add_error("titre", "Donnez un titre, ou choisissez un groupe déjà fait.")
        return dit


@acte(
    Page[Rencontre](
        form=GrouperForm,
        bouton="Grouper",
        succes=lambda _, groupe: f"« {groupe} » : notes groupées.",
        retour=lambda rencontre, _: chez(rencontre),
    )
)
@transaction.atomic
def grouper_notes(
    rencontre: Rencontre, *, par: Compte, notes: Sequence[str], groupe: Groupe | None = None, titre: str = ""
) -> Groupe:
    """Put notes in a group. Raises ValidationError when one was grouped meanwhile."""
    pas = exiger(rencontre, "grouper_notes", par=par)
    libres_ici = libres(rencontre).filter(pk__in=[int(n) for n in notes])
    if libres_ici.count() != len(set(notes)):
        raise ValidationError({"notes": "Quelqu’un a déjà groupé ou écarté une de ces notes : cochez de nouveau."})  # fmt: skip
    if groupe is None:
        groupe = enregistrer(Groupe(rencontre=rencontre, titre=titre.strip()))
    Note.objects.filter(pk__in=list(libres_ici.values_list("pk", flat=True))).update(groupe=groupe)
    pas.avancer(fait=f"{accorder(len(notes), 'note groupée', 'notes groupées')} : {groupe}")
    return groupe


@acte(Page[Groupe](bouton="Enregistrer", retour=lambda groupe, _: chez(groupe.rencontre)))
def modifier_groupe(
    groupe: Groupe,
    *,
    par: Compte,
    titre: Annotated[str, champ_ligne("Titre", maximum=160), ACTUEL],
    texte: Annotated[
        str,
        champ_texte("Ce qui s’est dit, en quelques phrases", "Public, et repris dans ce qu’il devient.", maximum=3000, lignes=4, requis=False),
        ACTUEL,
    ] = "",
    gommettes_papier: Annotated[
        int,
        champ_nombre("Gommettes collées dans la salle", minimum=0, maximum=5000),
        ACTUEL,
    ] = 0,
) -> None:  # fmt: skip
    champs = {"titre": titre, "texte": texte, "gommettes_papier": gommettes_papier}
    avancer(groupe, "modifier_groupe", par=par, champs=champs)


@acte(
    Page[Groupe](
        consequence="Ses notes redeviennent libres ; ses gommettes sont perdues.",
        retour=lambda groupe, _: chez(groupe.rencontre),
    )
)
@transaction.atomic
def defaire_groupe(groupe: Groupe, *, par: Compte) -> None:
    pas = exiger(groupe, "defaire_groupe", par=par)
    Groupe.objects.filter(pk=groupe.pk).delete()
    pas.avancer(fait=f"Groupe défait : {groupe}")


class DevenirForm(ActeForm):
    en = champ_choix("En faire", [], boutons=True, erreur="Choisissez ce que le groupe devient.")

    def preparer(self) -> None:
        en: Any = self.fields["en"]
        en.choices = [(un.cle, un.libelle) for un in devenirs().values()]


@acte(
    Page[Groupe](
        form=DevenirForm,
        consequence="Le dossier est ouvert avec le titre et le texte du groupe. Les personnes qui ont laissé une adresse en sont prévenues.",
        retour=lambda groupe, _: chez(groupe.rencontre),
        succes=lambda _, dossier: f"Ouvert : {dossier}.",
    )
)
@transaction.atomic
def faire_devenir(groupe: Groupe, *, par: Compte, en: str) -> Any:
    """Open a dossier of another app with the words of the group. Return it. Raises ValidationError, ErreurMetier."""
    pas = exiger(groupe, "faire_devenir", par=par)
    choisi = devenirs().get(en)
    if choisi is None:
        raise ValidationError({"en": "Ce n’est plus possible : choisissez autre chose."})
    dossier = choisi.ouvrir(groupe.titre, dire(groupe), par)
    pas.avancer(
        champs={"devenu_id": dossier.pk, "fait_le": timezone.now()},
        fait=f"« {groupe} » devient {dossier.reference or 'un dossier'}",
    )
    dire_ce_que_devient(groupe)
    return dossier


def dire(groupe: Groupe) -> str:
    """Return the words of a group: what agents wrote, then what was noted."""
    notes = "\n".join(f"– {note.texte}" for note in groupe.notes.order_by("pk"))
    return f"{groupe.texte}\n\n{notes}".strip()


class DemanderForm(ActeForm):
    direction = champ_parmi("Direction", Direction.objects.all())


@acte(
    Page[Groupe](
        form=DemanderForm,
        consequence="La direction reçoit un lien pour répondre ; la suite est publique.",
        retour=lambda groupe, _: chez(groupe.rencontre),
    )
)
@transaction.atomic
def demander_a_une_direction(groupe: Groupe, *, par: Compte, direction: Direction) -> None:
    pas = exiger(groupe, "demander_a_une_direction", par=par)
    suite = suites.ajouter_suite(groupe.rencontre, par=par, intitule=groupe.titre, direction=direction)
    pas.avancer(
        champs={"suite_id": suite.pk, "fait_le": timezone.now()}, fait=f"« {groupe} » demandé à {direction}"
    )
    dire_ce_que_devient(groupe)


@acte(
    Page[Groupe](
        consequence="Public. Les personnes qui ont laissé une adresse le reçoivent.",
        retour=lambda groupe, _: chez(groupe.rencontre),
    )
)
@transaction.atomic
def repondre_au_groupe(
    groupe: Groupe,
    *,
    par: Compte,
    reponse: Annotated[str, champ_texte("Ce que cela devient", maximum=2000, lignes=4)],
) -> None:
    pas = exiger(groupe, "repondre_au_groupe", par=par)
    pas.avancer(champs={"reponse": reponse, "fait_le": timezone.now()}, fait=f"Réponse : « {groupe} »")
    dire_ce_que_devient(groupe)


@transaction.atomic
def coller_gommettes(inscription: Inscription, *, groupes: Sequence[int]) -> int:
    """Put the dots of one person, in place of those she had put. Raises ErreurMetier for too many. Return how many."""
    pas = exiger(inscription, "coller_gommettes", par=None)
    rencontre = inscription.evenement
    permises = rencontre.regle.gommettes_par_personne
    voulus = list(rencontre.groupes.filter(pk__in=groupes, fait_le=None).values_list("pk", flat=True))
    if len(voulus) > permises:
        raise ErreurMetier(
            f"Vous avez {accorder(permises, 'gommette')} : décochez-en {len(voulus) - permises}."
        )
    inscription.gommettes.all().delete()
    Gommette.objects.bulk_create(Gommette(groupe_id=pk, inscription=inscription) for pk in voulus)
    pas.avancer(fait=f"Inscription n° {inscription.pk} : {accorder(len(voulus), 'gommette')}")
    return len(voulus)


class AvecQuestions(forms.Form):
    parole = champ_choix("J’ai pu dire ce que j’avais à dire", Evaluation.NOTES, boutons=True)
    suite = champ_choix("Je sais ce que deviendra ce qui s’est dit", Evaluation.NOTES, boutons=True)
    mot = champ_texte("À changer la prochaine fois", maximum=1000, lignes=3, requis=False)


class EvaluerForm(AvecQuestions, EnvoiUnique):
    ORIGINE = "rencontres.evaluation"


class SaisirEvaluationForm(AvecQuestions, ActeForm):
    """What an agent copies from paper."""


@transaction.atomic
def evaluer(rencontre: Rencontre, *, parole: str, suite: str, mot: str, cle: uuid.UUID) -> None:
    """Keep three answers, which lead to nobody. The same `cle` twice is kept once."""
    pas = exiger(rencontre, "evaluer", par=None)
    if not Evaluation.objects.filter(cle=cle).exists():
        _garder(Evaluation(rencontre=rencontre, parole=int(parole), suite=int(suite), mot=mot, cle=cle))
        pas.avancer()


@acte(
    Page[Rencontre](
        form=SaisirEvaluationForm,
        bouton="Enregistrer",
        gabarit="rencontres/encore.html",
        retour="#evaluation",
    )
)
@transaction.atomic
def saisir_evaluation(rencontre: Rencontre, *, par: Compte, parole: str, suite: str, mot: str = "") -> None:
    pas = exiger(rencontre, "saisir_evaluation", par=par)
    _garder(Evaluation(rencontre=rencontre, parole=int(parole), suite=int(suite), mot=mot, sur_papier=True))
    pas.avancer()


def _garder(evaluation: Evaluation) -> None:
    enregistrer(evaluation)


def _dire_suivre_note(auteur: AuteurDeNote) -> None:
    """Ask for the proof of the address, through the gate, at most once a day."""
    rencontre = auteur.note.table.rencontre
    porte.ecrire(
        "rencontres/suivre_note",
        a=auteur.courriel,
        sujet=rencontre,
        dossier=rencontre,
        cle=f"{auteur.CLE}:{auteur.pk}:suivre:{timezone.localdate():%Y%m%d}",
        mots={
            "titre": lu(rencontre, "titre"),
            "debut": rencontre.debut,
            "lien": reverse("rencontres:suivre_note", args=[auteur.jeton()]),
        },
        langue=auteur.langue,
    )


def dire_ce_que_devient(groupe: Groupe) -> int:
    """Tell each author who proved her address, once a group. Return how many letters."""
    return ecrire_a_plusieurs(
        "rencontres/dire_ce_que_devient",
        _joignables(AuteurDeNote.objects.filter(note__groupe=groupe)),
        contexte={
            "groupe": groupe,
            "rencontre": groupe.rencontre,
            "lien": f"{groupe.rencontre.get_public_url()}#recolte",
        },
        dossier=groupe.rencontre,
        cle=f"rencontres-groupe:{groupe.pk}",
    )


def _joignables(auteurs: QuerySet[AuteurDeNote]) -> list[Destinataire]:
    """Return each proved address once, with the language in which it was given last."""
    prouves = auteurs.filter(confirme_le__isnull=False).order_by("courriel", "pk")
    langues = dict(prouves.values_list("courriel", "langue"))
    return [Destinataire(courriel, langue=langue) for courriel, langue in langues.items()]


def _dire_ecarter_note(note: Note, moderation: Moderation) -> None:
    """Tell each author who proved her address why it is not shown, and how to contest."""
    ecrire_a_plusieurs(
        "rencontres/ecarter_note",
        _joignables(note.auteurs.all()),
        contexte={"note": note, "rencontre": note.table.rencontre, "moderation": moderation},
        dossier=note.table.rencontre,
        cle=f"rencontres-note-ecartee:{moderation.pk}",
    )
