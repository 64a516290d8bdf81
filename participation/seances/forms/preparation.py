"""Forms that prepare a séance: date and place, points, documents, participants, demands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.forms.heures import jour_de_fin
from participation.seances.models import Instance, Membre, Point, Seance
from participation.seances.workflow import A_L_ECRITURE, A_VENIR, Etat
from participation.socle.actions.pieces import ACCEPTES
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import jour_texte
from participation.socle.models import Direction

CHAMPS_POINT = ("nature", "titre", "note", "rapporteur", "direction", "duree", "est_confidentiel", "pv_de")


class SeanceChamp(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A choice of one séance, shown with title and date."""

    def label_from_instance(self, obj: Seance) -> str:
        return f"{obj.titre}, {jour_texte(obj.jour, 'chiffres')}"


class QuandForm(ActeForm):
    """A day and two hours; `debut` and `fin` in the cleaned data.

    An hour that does not exist or comes twice (change of the clock) is an error.
    """

    jour = champ_jour("Jour")
    de = forms.TimeField(label="De", widget=forms.TimeInput)
    a = forms.TimeField(
        label="À", widget=forms.TimeInput, help_text="Une heure après minuit est celle du lendemain."
    )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or a is None:
            return donnees
        for champ, jour_dit, heure, nom in (
            ("de", jour, de, "debut"),
            ("a", jour_de_fin(jour, de, a), a, "fin"),
        ):
            try:
                donnees[nom] = from_current_timezone(datetime.combine(jour_dit, heure))
            except ValidationError:
                self.add_error(
                    champ, "Cette nuit-là, l’heure change : cette heure n’existe pas, ou revient deux fois."
                )
        if "debut" in donnees and "fin" in donnees and donnees["fin"] <= donnees["debut"]:
            self.add_error("a", "La fin précède le début.")
        return donnees

    @staticmethod
    def quand(seance: Seance) -> dict[str, Any]:
        debut, fin = timezone.localtime(seance.debut), timezone.localtime(seance.fin)
        return {"jour": debut.date(), "de": debut.time(), "a": fin.time()}


class LieuForm(ActeForm):
    tenue = champ_choix("Tenue", Seance.Tenue.choices, boutons=True, initial=Seance.Tenue.SALLE)
    lieu = champ_ligne("Lieu", "Salle et adresse. Vide si tout est à distance.", maximum=200, requis=False)
    acces = champ_texte(
        "Accès", "Transports, entrée accessible, étage.", requis=False, maximum=None, lignes=2
    )
    lien_visio = forms.URLField(
        label="Lien de la visioconférence",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="Écrit aux personnes convoquées seulement. Il peut être ajouté plus tard, avant de convoquer.",
    )


class SeanceForm(LieuForm, QuandForm):
    """Fields of a séance, to create it or to change it before the convocation."""

    field_order = (
        "instance",
        "titre",
        "nature",
        "jour",
        "de",
        "a",
        "tenue",
        "lieu",
        "acces",
        "lien_visio",
        "est_publique",
        "lien_public",
        "capacite",
    )

    titre = champ_ligne("Titre", "Par exemple « Séance plénière de juin ».", maximum=160)
    nature = champ_choix("Nature", Seance.Nature.choices)
    est_publique = champ_case(
        "Ouverte au public",
        "Elle a sa page publique. Son ordre du jour et ses documents publics y sont une fois la convocation partie.",
        requis=False,
    )
    lien_public = forms.URLField(
        label="Adresse de la retransmission",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="Là où chacun peut regarder. Sur la page publique ; n’y mettez pas le lien des membres.",
    )
    capacite = forms.IntegerField(
        label="Places", required=False, min_value=1, help_text="Pour une visite ou une formation."
    )


class ProgrammerForm(SeanceForm):
    instance = champ_parmi(
        "Instance", Instance.objects.filter(est_active=True), vide="Choisissez", to_field_name="cle"
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"instance": self.objet.cle_demandee, "tenue": Seance.Tenue.SALLE, "nature": self.objet.nature}


class ModifierForm(SeanceForm):
    """All fields before the convocation; afterwards, only those that need no letter."""

    SANS_PREVENIR = ("titre", "acces", "est_publique", "lien_public", "capacite")

    def initiales(self) -> Mapping[str, Any]:
        champs = (*self.SANS_PREVENIR, "nature", "tenue", "lieu", "lien_visio")
        return {**self.quand(self.objet), **{champ: getattr(self.objet, champ) for champ in champs}}

    def preparer(self) -> None:
        if self.objet.etat == Etat.CONVOQUEE:
            self.fields = {nom: self.fields[nom] for nom in self.SANS_PREVENIR}


class PointForm(ActeForm):
    nature = champ_choix("Nature", Point.Nature.choices)
    titre = champ_ligne("Titre", maximum=200)
    note = champ_texte(
        "Note de présentation", "Envoyée avec la convocation.", requis=False, maximum=None, lignes=10
    )
    rapporteur = champ_ligne("Présenté par", maximum=160, requis=False)
    direction = champ_parmi(
        "Direction", Direction.objects.filter(est_active=True), requis=False, vide="Aucune"
    )
    duree = forms.IntegerField(label="Durée prévue, en minutes", min_value=1, max_value=600, initial=10)
    pv_de = SeanceChamp(
        label="Procès-verbal à approuver",
        queryset=Seance.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Pour l’approbation d’un procès-verbal seulement.",
    )
    est_confidentiel = champ_case(
        "À huis clos", "Le point et ses pièces ne sont montrés qu’aux membres et aux agents.", requis=False
    )

    field_order = ("nature", "titre", "note", "rapporteur", "direction", "duree", "pv_de", "est_confidentiel")

    def preparer(self) -> None:
        seance = self.objet if isinstance(self.objet, Seance) else self.objet.seance
        levees = Seance.objects.filter(
            instance=seance.instance_id, etat=Etat.LEVEE, nature__in=Seance.DELIBERANTES
        ).exclude(pk=seance.pk)
        # Those written and not yet approved, and the current choice.
        a_approuver = Q(proces_verbal__etat__in=A_L_ECRITURE)
        if isinstance(self.objet, Point) and self.objet.pv_de_id:
            a_approuver |= Q(pk=self.objet.pv_de_id)
        self.choisir("pv_de", levees.filter(a_approuver).order_by("-debut"))


class ModifierPointForm(PointForm):
    SURVEILLES = ("titre", "note")

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in CHAMPS_POINT}


class ParticipantsForm(ActeForm):
    membres = forms.ModelMultipleChoiceField(
        label="Qui prend part à cette séance ?",
        queryset=Membre.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Personne de coché : tous les membres titulaires sont convoqués. Le quorum se compte sur les personnes choisies.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"membres": list(self.objet.participants.all())}

    def preparer(self) -> None:
        self.choisir(
            "membres",
            Membre.objects.filter(college__mandature=self.objet.mandature_id)
            .titulaires()
            .en_fonction(self.objet.jour.date())
            .select_related("compte", "college")
            .order_by("college__ordre", "compte__nom", "compte__prenom"),
        )


class CopierOrdreDuJourForm(ActeForm):
    source = SeanceChamp(
        label="Reprendre les points de",
        queryset=Seance.objects.none(),
        required=False,
        empty_label="L’ordre du jour type de l’instance",
        help_text="Les titres, natures, durées et rapporteurs. Ni les dossiers ni les pièces.",
    )

    def preparer(self) -> None:
        autres = Seance.objects.filter(instance=self.objet.instance_id).exclude(pk=self.objet.pk)
        self.choisir("source", autres.order_by("-debut")[:60])


class InviterForm(ActeForm):
    nom = champ_ligne("Prénom et nom", maximum=160, erreur="Dites qui est invité.")
    qualite = champ_ligne(
        "Qualité", "Direction, expert, délégataire… Lue au procès-verbal.", maximum=160, requis=False
    )
    courriel = champ_courriel(
        "Adresse électronique",
        "Pour recevoir l’invitation et le rendez-vous. Vide : vous prévenez la personne vous-même.",
        requis=False,
    )
    point = champ_parmi("Entendue au point", Point.objects.none(), requis=False, vide="Toute la séance")

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))


class NoterInviteForm(ActeForm):
    est_venu = forms.TypedChoiceField(
        choices=(("oui", "présence"), ("non", "absence")), coerce=lambda valeur: valeur == "oui"
    )


class OrdonnerForm(ActeForm):
    sens = forms.ChoiceField(choices=(("monter", "monter"), ("descendre", "descendre")))


class RetirerPointForm(ActeForm):
    """Empty before the convocation; afterwards, a reason, and whether the point goes to another séance."""

    suite = champ_choix(
        "Ce point est",
        (("reporte", "reporté à une autre séance"), ("retire", "retiré")),
        boutons=True,
        initial="reporte",
    )
    motif = champ_ligne("Pourquoi", "Les personnes convoquées lisent cette raison.", maximum=200)

    def preparer(self) -> None:
        if self.objet.seance.etat == Etat.PROGRAMMEE:
            self.fields.clear()


class JoindrePieceSeanceForm(ActeForm):
    titre = champ_ligne("Titre de la pièce", maximum=160)
    fichier = forms.FileField(label="Fichier")
    point = champ_parmi("Point", Point.objects.none(), requis=False, vide="Toute la séance")
    est_publique = champ_case(
        "Montrer cette pièce au public",
        "Une fois la convocation partie, sauf pour un point à huis clos.",
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"{ACCEPTES}, {taille} Mo au plus."


class DemanderPointForm(ActeForm):
    titre = champ_ligne("Titre du point", maximum=160)
    texte = champ_texte(
        "Pourquoi en parler",
        "Les autres membres lisent ces lignes avant de vous soutenir.",
        maximum=2000,
        lignes=10,
        attributs={"maxlength": 2000},
    )


class InscrireDemandeForm(ActeForm):
    seance = SeanceChamp(label="Séance", queryset=Seance.objects.none(), empty_label=None)

    def preparer(self) -> None:
        possibles = Seance.objects.filter(
            instance=self.objet.instance_id, etat__in=A_VENIR, debut__gt=timezone.now() - timedelta(hours=12)
        )
        self.choisir("seance", possibles.order_by("debut"))
