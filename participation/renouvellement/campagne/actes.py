"""Acts on a campaign, from its draft to the end of its call, or given up; their forms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_par_poste
from participation.renouvellement.equilibre import VALEURS
from participation.renouvellement.models import (
    Campagne,
    Candidature,
    CollegeCampagne,
    CritereCampagne,
    PartReference,
    QuestionCampagne,
)
from participation.renouvellement.workflow import EtatCampagne
from participation.seances.models import Instance
from participation.socle.actions.avancer import avancer, exiger
from participation.socle.actions.tournees import EtapeDeTournee, a_chacun
from participation.socle.bd.verrous import verrou
from participation.socle.courriels.ecriture import deposer, rediger
from participation.socle.forms.actes import ActeForm, ModeleForm, demander_texte
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_parmi, champ_texte, jours_de
from participation.socle.francais import accorder, jour_texte, majuscule, minuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


def dire_l_abandon(campagne: Campagne, motif: str) -> None:
    a_chacun(etape, campagne, cle="abandonner_campagne", campagne=campagne, motif=motif)


def etape(campagne: Campagne, motif: str) -> EtapeDeTournee:
    def ecrire(lot: Sequence[Candidature]) -> None:
        for candidature in lot:
            if not candidature.courriel:
                ecrire_par_poste("abandonner_campagne", candidature, motif=motif)
        deposer(
            [
                rediger(
                    "renouvellement/abandonner_campagne",
                    [c.courriel],
                    contexte_de(c, motif=motif),
                    cle=f"candidature:{c.pk}:abandonner",
                    langue=c.langue,
                )
                for c in lot
                if c.courriel
            ]
        )

    return EtapeDeTournee(campagne.candidatures.deposees().select_related("campagne", "college"), ecrire)


TEXTES = ("presentation", "facile", "temps_demande", "soutien")


def dire_cloture(campagne: Campagne) -> str:
    avant = (
        f"Le public lit que l’appel est ouvert jusqu’au {jour_texte(campagne.cloture)} à minuit : "
        "qui compte sur cette date ne pourra plus candidater. "
        if campagne.se_clot_avant_l_heure
        else ""
    )
    return (
        f"{avant}Plus aucune candidature n’arrive en ligne. Les personnes qui ont déjà reçu leur lien peuvent encore "
        f"confirmer jusqu’à la fin de la journée, et {accorder(campagne.grace_heures, 'heure')} de plus. "
        "L’appel se clôt seul à sa date."
    )


def dire_abandon(campagne: Campagne) -> str:
    nombre = campagne.candidatures.deposees().count()
    lettres = f"{accorder(nombre, 'personne reçoit', 'personnes reçoivent')} une lettre. " if nombre else ""
    return f"{lettres}La campagne ne peut pas être rouverte."


@transaction.atomic
def preparer_campagne(*, par: Compte, instance: Instance, **champs: Any) -> Campagne:
    """Create a draft, with the collèges of the mandature in force, else of the latest one."""
    verrou(f"renouvellement:campagne:{instance.pk}")
    campagne = Campagne(instance=instance, **champs)
    avancer(campagne, "preparer_campagne", par=par)
    mandature = instance.mandature_du() or instance.mandatures.first()
    for college in mandature.colleges.all() if mandature else []:
        CollegeCampagne.objects.create(
            campagne=campagne,
            nom=college.nom,
            ordre=college.ordre,
            sieges=max(college.sieges, 1),
            avec_suppleants=college.a_des_suppleants,
            a_le_vote=college.a_le_vote(),
            nature=CollegeCampagne.Nature.ELUS if college.est_elu else CollegeCampagne.Nature.HABITANTS,
        )
    return campagne


REGLES = [
    "titre",
    "denomination",
    "nomme_par",
    "ouverture",
    "cloture",
    "mandature_intitule",
    "mandature_debut",
    "mandature_fin",
    *TEXTES,
    "age_minimum",
    "grace_heures",
    "lectures_par_candidature",
    "note_max",
    "a_l_aveugle",
    "comite",
    "reponse_jours",
    "conservation_mois",
    "vivier_mois",
    "purge_jours",
    "courriels_max",
    "demandes_par_heure",
]


class _ReglesForm(ModeleForm):
    class Meta:
        model = Campagne
        fields = REGLES
        field_classes = jours_de(Campagne)
        widgets = {champ: forms.Textarea(attrs={"rows": 5}) for champ in TEXTES}

    def preparer(self) -> None:
        self.choisir("comite", Instance.objects.filter(est_active=True))
        comite: Any = self.fields["comite"]
        comite.empty_label = "Aucune"


class ReglesForm(_ReglesForm):
    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.objet, REGLES)


@acte(Page[Campagne](form=ReglesForm, consequence="Ces règles se figent quand l’appel est publié."))
@transaction.atomic
def modifier_campagne(campagne: Campagne, *, par: Compte, **champs: Any) -> None:
    pas = exiger(campagne, "modifier_campagne", par=par)
    pas.avancer(champs=champs)


class LignesForm(ActeForm):
    """Rows of a campaign, in a formset that the action saves."""

    quoi: ClassVar[str]
    modele: ClassVar[type[Any]]
    champs: ClassVar[Sequence[str]]

    def preparer(self) -> None:
        classe: Any = forms.inlineformset_factory(
            Campagne,
            self.modele,
            fields=self.champs,
            extra=2,
            can_delete=True,
            can_delete_extra=False,
            max_num=40,
            validate_max=True,
        )
        self.formset = classe(self.data if self.is_bound else None, instance=self.objet, prefix=self.quoi)

    def is_valid(self) -> bool:
        return self.formset.is_valid() and super().is_valid()

    def clean(self) -> dict[str, Any]:
        return {"enregistrer": self.formset.save}


class CollegesForm(LignesForm):
    quoi = "colleges"
    modele = CollegeCampagne
    champs = (
        "nom",
        "ordre",
        "nature",
        "mode",
        "sieges",
        "avec_suppleants",
        "exclut_elus",
        "a_le_vote",
        "conditions",
    )


des_lignes: Callable[..., Page[Campagne]] = partial(
    Page, gabarit="renouvellement/campagne/regler.html", bouton="Enregistrer"
)


# The formset saves its own rows: the action calls its `save`.
@acte(
    des_lignes(
        form=CollegesForm,
        consequence="Un collège par ligne. Laissez vides les lignes dont vous n’avez pas besoin.",
        succes="Collèges : c’est enregistré.",
    )
)
def regler_colleges(campagne: Campagne, *, par: Compte, enregistrer: Callable[[], object]) -> None:
    _regler(campagne, "regler_colleges", par, enregistrer)


class QuestionsForm(LignesForm):
    quoi = "questions"
    modele = QuestionCampagne
    champs = ("libelle", "aide", "ordre", "est_requise")


@acte(
    des_lignes(
        form=QuestionsForm,
        consequence="Elles s’ajoutent à la motivation, pour tous les collèges.",
        succes="Questions : c’est enregistré.",
    )
)
def regler_questions(campagne: Campagne, *, par: Compte, enregistrer: Callable[[], object]) -> None:
    _regler(campagne, "regler_questions", par, enregistrer)


class CriteresForm(LignesForm):
    quoi = "criteres"
    modele = CritereCampagne
    champs = ("libelle", "aide", "ordre", "poids")


@acte(
    des_lignes(
        form=CriteresForm,
        consequence="Le comité note chaque critère. Le poids compte dans la moyenne.",
        succes="Critères de la grille : c’est enregistré.",
    )
)
def regler_criteres(campagne: Campagne, *, par: Compte, enregistrer: Callable[[], object]) -> None:
    _regler(campagne, "regler_criteres", par, enregistrer)


@transaction.atomic
def _regler(campagne: Campagne, acte: str, par: Compte, enregistrer: Callable[[], object]) -> None:
    pas = exiger(campagne, acte, par=par)
    enregistrer()
    pas.avancer()


@acte(
    Page[Campagne](
        consequence=lambda campagne: " ".join(
            [
                "La page publique montre l’appel. Les candidatures arrivent aux dates prévues. Les règles ne changent plus.",
                *(
                    f"Avant de nommer les membres : {minuscule(dit)}"
                    for dit in campagne.mandatures_en_conflit()
                ),
            ]
        )
    )
)
@transaction.atomic
def ouvrir_appel(campagne: Campagne, *, par: Compte) -> None:
    """Publish the call. Its rules are then frozen."""
    verrou(f"renouvellement:campagne:{campagne.instance_id}")
    avancer(campagne, "ouvrir_appel", par=par)


class AmenderForm(ActeForm):
    ACTUELS = TEXTES

    presentation = champ_texte("Ce que c’est", maximum=4000, lignes=10)
    facile = champ_texte("En bref, facile à lire", maximum=2000, requis=False, lignes=10)
    temps_demande = champ_texte("Le temps demandé", maximum=1000, lignes=10)
    soutien = champ_texte("L’aide proposée", maximum=1000, requis=False, lignes=10)
    motif = champ_ligne("Pourquoi corriger", "Écrit dans le journal, avec l’ancien texte.", maximum=300)


@acte(
    Page[Campagne](
        form=AmenderForm, consequence="Le texte publié change aussitôt. L’ancien reste dans le journal."
    )
)
@transaction.atomic
def amender_appel(campagne: Campagne, *, par: Compte, motif: str, **textes: str) -> None:
    """Correct the published texts. The journal keeps the former ones."""
    pas = exiger(campagne, "amender_appel", par=par)
    avant = {champ: getattr(campagne, champ) for champ in textes if getattr(campagne, champ) != textes[champ]}
    pas.avancer(motif=motif, details={"avant": avant}, champs=textes)


class ProlongerForm(ActeForm):
    cloture = champ_jour(
        "Nouveau dernier jour",
        "L’appel se ferme ce jour-là à minuit.",
        erreur="Donnez la nouvelle date.",
        court=True,
    )
    motif = champ_ligne("Pourquoi prolonger", maximum=300, erreur="Dites pourquoi.")


@acte(Page[Campagne](form=ProlongerForm, consequence="La date est changée sur la page publique."))
@transaction.atomic
def prolonger_appel(campagne: Campagne, *, par: Compte, cloture: date, motif: str) -> None:
    pas = exiger(campagne, "prolonger_appel", par=par)
    if cloture <= campagne.cloture:
        raise ValidationError({"cloture": "La nouvelle date vient après la date actuelle."})
    if cloture < timezone.localdate():
        raise ValidationError({"cloture": "Cette date est passée."})
    details = {"avant": campagne.cloture.isoformat(), "apres": cloture.isoformat()}
    pas.avancer(motif=motif, details=details, champs={"cloture": cloture})


class CloreForm(ActeForm):
    motif = champ_ligne(
        "Pourquoi clore avant le dernier jour annoncé",
        "Écrit sur la page publique de l’appel.",
        maximum=300,
        erreur="Dites pourquoi : des personnes comptaient candidater jusqu’à ce jour.",
    )

    def preparer(self) -> None:
        if not self.objet.se_clot_avant_l_heure:
            del self.fields["motif"]


@acte(Page[Campagne](form=CloreForm, consequence=dire_cloture))
@transaction.atomic
def clore_appel(campagne: Campagne, *, par: Compte | None, motif: str = "") -> None:
    """Close the call: an agent before the last day, with a reason that the public reads; the periodic task after it.

    Candidatures sent in time can be confirmed during the grace period. Raises ValidationError on `motif`.
    """
    pas = exiger(campagne, "clore_appel", par=par)
    if not campagne.se_clot_avant_l_heure:
        pas.avancer()
        return
    if not motif.strip():
        raise ValidationError(
            {
                "motif": f"Le public lit « jusqu’au {jour_texte(campagne.cloture)} » : dites pourquoi clore avant."
            }
        )
    # Closed early: the last day becomes today, and requests of today can still be confirmed.
    pas.avancer(
        motif=motif.strip(),
        champs={
            "cloture": max(timezone.localdate(), campagne.ouverture),
            "cloture_annoncee": campagne.cloture,
            "motif_cloture": motif.strip(),
        },
    )


def clore_appels() -> int:
    """Close every call whose last day has passed; return how many."""
    closes = 0
    for campagne in Campagne.objects.filter(etat=EtatCampagne.OUVERTE, cloture__lt=timezone.localdate()):
        clore_appel(campagne, par=None)
        closes += 1
    return closes


AbandonnerForm = demander_texte(
    "Pourquoi abandonner",
    aide="Les personnes qui ont candidaté lisent ces mots.",
    maximum=1000,
    lignes=4,
    erreur="Dites pourquoi : les personnes qui ont candidaté le liront.",
)


@acte(Page[Campagne](form=AbandonnerForm, consequence=dire_abandon))
@transaction.atomic
def abandonner_campagne(campagne: Campagne, *, par: Compte, motif: str) -> None:
    """Abandon the campaign and tell the applicants.

    Their data is kept for the usual time, then proposed for erasure.
    """
    avancer(campagne, "abandonner_campagne", par=par, motif=motif, champs={"finie_le": timezone.now()})
    conserver(list(campagne.candidatures.deposees().select_related("campagne", "college")))
    dire_l_abandon(campagne, motif)


class PartsForm(ActeForm):
    """One percentage per group; empty for unknown."""

    def preparer(self) -> None:
        connues = {(p.dimension, p.valeur): p.pourcent for p in self.objet.parts.all()}
        self.cles: dict[str, tuple[str, str]] = {}
        for dimension in PartReference.Dimension.values:
            for valeur, libelle in VALEURS[dimension]:
                nom = f"{dimension}_{valeur}"
                self.cles[nom] = (dimension, valeur)
                self.fields[nom] = forms.DecimalField(
                    label=f"{majuscule(libelle)} (%)",
                    required=False,
                    min_value=Decimal(0),
                    max_value=Decimal(100),
                    decimal_places=1,
                    max_digits=4,
                    localize=True,
                    initial=connues.get((dimension, valeur)),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "champ-court"}),
                )
        self.fields["source_parts"] = champ_texte(
            "D’où viennent ces parts",
            "Par exemple le recensement, son année, son adresse. Sans source, rien n’est comparé.",
            maximum=600,
            requis=False,
            lignes=3,
            initial=self.objet.source_parts,
        )

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        parts = {cle: lus.get(nom) for nom, cle in self.cles.items()}
        return {"parts": parts, "source": lus.get("source_parts", "")}


@acte(
    Page[Campagne](
        form=PartsForm,
        consequence="La population réelle, par âge et par genre, à laquelle comparer les candidatures. "
        "Laissez vide ce que vous ne savez pas : rien n’est inventé.",
        retour=lambda campagne, _: reverse("renouvellement:equilibre", args=[campagne.pk]),
    )
)
@transaction.atomic
def noter_parts(
    campagne: Campagne, *, par: Compte, parts: Mapping[tuple[str, str], Decimal | None], source: str
) -> None:
    """Replace the shares of the real population. `parts`: (dimension, value) → per cent, None for unknown.

    Raises ValidationError without a source, or when a dimension exceeds 100 %.
    """
    pas = exiger(campagne, "noter_parts", par=par)
    remplies = {cle: part for cle, part in parts.items() if part is not None}
    if remplies and not source.strip():
        raise ValidationError({"source_parts": "Dites d’où viennent ces parts."})
    for dimension in PartReference.Dimension:
        total = sum(part for (d, _), part in remplies.items() if d == dimension)
        if total > 100:
            raise ValidationError(f"Les parts par {dimension.label} dépassent 100 %.")
    campagne.parts.all().delete()
    PartReference.objects.bulk_create(
        PartReference(campagne=campagne, dimension=dimension, valeur=valeur, pourcent=part)
        for (dimension, valeur), part in remplies.items()
    )
    pas.avancer(champs={"source_parts": source})


def conserver(candidatures: Sequence[Candidature]) -> None:
    for candidature in candidatures:
        candidature.conserver()
    Candidature.objects.bulk_update(candidatures, ["conserver_jusqu_au", "vivier_jusqu_au"], batch_size=500)


class PreparerForm(_ReglesForm):
    choisie = champ_parmi(
        "Instance à renouveler",
        Instance.objects.filter(est_active=True),
        erreur="Choisissez l’instance à renouveler.",
        vide="Choisir dans la liste",
    )
    field_order = ["choisie", *REGLES]
