"""Instruction of a projet: recevabilité, grid, compléments, opinions, comments, messages; their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from contrat_ville.models import Axe, Critere, Evaluation, Jugement, Objectif, Projet, RegleDeRepartition
from contrat_ville.porteurs.lettres import (
    c_est_dit,
    ecrire_a_l_agent,
    ecrire_a_l_equipe,
    et_l_equipe,
    lettre_vers,
)
from contrat_ville.workflow import EN_EXAMEN
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_cases, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Quartier, ReglageService
from participation.socle.views.pages import Page, acte


def contexte_grille(request: RequeteConnectee, projet: Projet, form: Any) -> dict[str, Any]:
    return {"projet": projet, "par_critere": form.par_critere()}


def _lu(projet: Projet) -> dict[str, Any]:
    return {"titre": projet.titre, "reference": projet.reference}


@dataclass(frozen=True, slots=True)
class Reponse:
    """Answer for one criterion: `resultat` or `note`, with the reason."""

    resultat: str = ""
    note: int | None = None
    raison: str = ""


# Distribution
def repartir(projet: Projet) -> None:
    """Give a filed projet to the least loaded instructor of the first rule that applies.

    A rule whose instructors are no longer agents is skipped. Without any rule, nothing happens.
    """
    quartiers = set(projet.quartiers.values_list("pk", flat=True))
    for regle in RegleDeRepartition.objects.filter(est_active=True).select_related("axe", "quartier"):
        if not regle.convient(
            projet.axe_id, quartiers, culture=projet.est_culture, participation=projet.est_participation
        ):
            continue
        choisi = moins_charge(regle.instructeurs.filter(pk__in=Compte.objects.agents_du_service()))
        if choisi is None:
            continue
        avancer(
            projet,
            "repartir",
            par=None,
            champs={"agent": choisi},
            fait=f"Confié à {choisi}",
            motif=f"Règle {regle.ordre} : {regle.en_phrase}. Parmi les instructeurs de cette règle, c’est qui suit le moins de projets.",
            details={"regle": regle.pk, "agent": choisi.pk},
        )
        ecrire_a_l_agent(projet, "repartir", cle=f"repartir:{projet.pk}:{projet.agent_id}")
        return


def moins_charge(instructeurs: QuerySet[Compte]) -> Compte | None:
    """Return the instructor who follows the fewest projets in examination; the oldest account when equal."""
    suivis = Count("dossiers_suivis__projet", filter=Q(dossiers_suivis__projet__etat__in=sorted(EN_EXAMEN)))
    return instructeurs.annotate(charge=suivis).order_by("charge", "pk").first()


class ReaffecterForm(ActeForm):
    agent = champ_parmi("Instructeur", Compte.objects.none(), vide=None)
    motif = champ_texte("Pourquoi", "La personne lit cette raison.", maximum=1000, lignes=3)

    def preparer(self) -> None:
        self.choisir("agent", Compte.objects.agents_du_service())


@acte(
    Page[Projet](
        form=ReaffecterForm,
        consequence=lambda p: (
            f"Aujourd’hui, {p.agent} instruit ce projet."
            if p.agent
            else "Personne n’instruit encore ce projet."
        ),
    )
)
@transaction.atomic
def reaffecter(projet: Projet, *, par: Compte, agent: Compte, motif: str) -> None:
    """Give the projet to another instructor, with a reason. Raises ErreurMetier if they already have it."""
    pas = exiger(projet, "reaffecter", par=par)
    if projet.agent_id == agent.pk:
        raise ErreurMetier(f"{agent} instruit déjà ce projet.")
    ancien = projet.agent
    pas.avancer(champs={"agent": agent}, fait=f"Confié à {agent}", motif=motif)
    projet.echeances.ouvertes().filter(responsable=ancien, demande=None).update(responsable=agent)
    if agent.pk != par.pk:
        ecrire_a_l_agent(projet, "reaffecter", par=par, motif=motif)


class EvaluerForm(ActeForm):
    """The grid: for each criterion, a result or a mark, with its reason."""

    objet: Projet

    synthese = champ_texte("Votre synthèse", "Le comité la lit.", requis=False, maximum=4000, lignes=5)

    def preparer(self) -> None:
        self.criteres = list(self.objet.programmation.criteres.order_by("-etape", "ordre", "pk"))
        sienne = Evaluation.objects.filter(projet=self.objet.pk, instructeur=self.par).first()
        ecrits = {j.critere_id: j for j in sienne.jugements.all()} if sienne else {}
        for critere in self.criteres:
            self._ajouter(critere, ecrits.get(critere.pk))
        self.fields["vu"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.initial["vu"] = sienne.version if sienne else 0
        self.initial["synthese"] = sienne.synthese if sienne else ""
        self.order_fields([*(nom for nom in self.fields if nom not in {"synthese", "vu"}), "synthese", "vu"])

    def _ajouter(self, critere: Critere, ecrit: Jugement | None) -> None:
        cle = f"c{critere.pk}"
        if critere.forme == Critere.Forme.NOTE:
            self.fields[cle] = forms.TypedChoiceField(
                label=critere.intitule,
                help_text=critere.aide,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", "Pas encore noté"),
                    *((str(n), f"{n} sur {critere.note_max}") for n in range(critere.note_max + 1)),
                ],
            )
            self.initial[cle] = ecrit.note if ecrit else None
        else:
            self.fields[cle] = forms.ChoiceField(
                label=critere.intitule,
                help_text=critere.aide,
                required=False,
                choices=[("", "Pas encore jugé"), *((v, majuscule(t)) for v, t in Jugement.Resultat.choices)],
            )
            self.initial[cle] = ecrit.resultat if ecrit else ""
        self.fields[f"{cle}_raison"] = forms.CharField(label="Raison", required=False, max_length=600)
        self.initial[f"{cle}_raison"] = ecrit.raison if ecrit else ""

    def par_critere(self) -> list[tuple[Critere, Any, Any]]:
        """(criterion, its field, the field of its reason), for the page."""
        return [(c, self[f"c{c.pk}"], self[f"c{c.pk}_raison"]) for c in self.criteres]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        reponses = {}
        for critere in self.criteres:
            valeur, raison = donnees.pop(f"c{critere.pk}", None), donnees.pop(f"c{critere.pk}_raison", "")
            if critere.forme == Critere.Forme.NOTE:
                reponses[critere.pk] = Reponse(note=valeur, raison=raison)
            else:
                reponses[critere.pk] = Reponse(resultat=valeur or "", raison=raison)
                if valeur == Jugement.Resultat.NON_REMPLI and not raison:
                    self.add_error(f"c{critere.pk}_raison", "Dites pourquoi le critère n’est pas rempli.")
        donnees["reponses"] = reponses
        return donnees


# Grid
@acte(
    Page[Projet](
        form=EvaluerForm,
        consequence="C’est votre grille : personne d’autre ne l’écrit. Vous pouvez la corriger tant que le projet est à l’examen.",
        gabarit="contrat_ville/instruction/evaluer.html",
        contexte=contexte_grille,
        retour="#grille",
        succes="Votre grille est enregistrée.",
    )
)
@transaction.atomic
def evaluer(
    projet: Projet, *, par: Compte, reponses: Mapping[int, Reponse], synthese: str, vu: int | None = None
) -> Evaluation:
    """Save the whole grid of the instructor. `vu`: its version when the page was opened.

    Raises ValidationError for a criterion not met without a reason; ErreurMetier if another window saved it
    since.
    """
    pas = exiger(projet, "evaluer", par=par)
    evaluation, _ = Evaluation.objects.select_for_update().get_or_create(projet=projet, instructeur=par)
    if vu is not None and vu != evaluation.version:
        raise ErreurMetier(
            "Vous avez rempli cette grille dans une autre fenêtre depuis que vous avez ouvert celle-ci. Rien n’est "
            "enregistré : ce que vous venez d’écrire reste ici. Comparez, puis enregistrez de nouveau."
        )
    criteres = {critere.pk: critere for critere in projet.programmation.criteres.all()}
    jugements = [
        Jugement(
            evaluation=evaluation,
            critere=criteres[numero],
            resultat=reponse.resultat,
            note=reponse.note,
            raison=reponse.raison,
        )
        for numero, reponse in reponses.items()
        if numero in criteres and (reponse.resultat or reponse.note is not None or reponse.raison)
    ]
    for jugement in jugements:
        exiger_note(jugement)
        jugement.full_clean(exclude=["evaluation"])
    evaluation.jugements.all().delete()
    Jugement.objects.bulk_create(jugements)
    evaluation.synthese, evaluation.version = synthese, evaluation.version + 1
    evaluation.save()
    pas.avancer(details={"evaluation": evaluation.pk})
    return evaluation


def exiger_note(jugement: Jugement) -> None:
    critere = jugement.critere
    if critere.forme == Critere.Forme.NOTE and jugement.note is not None and jugement.note > critere.note_max:
        raise ValidationError(f"« {critere} » se note sur {critere.note_max}.")


LeverBilanForm = demander_texte("Pourquoi passer outre", aide="Écrit au journal du projet.")


@acte(Page[Projet](form=LeverBilanForm))
@transaction.atomic
def lever_bilan_manquant(projet: Projet, *, par: Compte, motif: str) -> None:
    """Allow the examination although the porteur owes a bilan. The reason is kept."""
    exiger(projet, "lever_bilan_manquant", par=par).avancer(champs={"bilan_leve": True}, motif=motif)


class ClasserForm(ActeForm):
    objet: Projet

    axe = champ_parmi("Axe du contrat", Axe.objects.none(), requis=False)
    objectif = champ_parmi("Objectif", Objectif.objects.none(), requis=False)
    quartiers = champ_cases("Quartiers", (), requis=False)
    est_culture = champ_case("C’est un projet culturel", requis=False)
    est_participation = champ_case("C’est un projet de participation citoyenne", requis=False)

    def preparer(self) -> None:
        contrat = self.objet.programmation.contrat_id
        self.choisir("axe", Axe.objects.filter(contrat=contrat))
        self.choisir("objectif", Objectif.objects.filter(axe__contrat=contrat).select_related("axe"))
        cases: Any = self.fields["quartiers"]
        cases.choices = [(str(q.pk), str(q)) for q in Quartier.objects.select_related("commune")]

    def initiales(self) -> Mapping[str, Any]:
        return {
            "axe": self.objet.axe_id,
            "objectif": self.objet.objectif_id,
            "quartiers": [str(q.pk) for q in self.objet.quartiers.all()],
            "est_culture": self.objet.est_culture,
            "est_participation": self.objet.est_participation,
        }

    def clean_quartiers(self) -> list[Quartier]:
        return list(Quartier.objects.filter(pk__in=self.cleaned_data["quartiers"]))


@acte(
    Page[Projet](
        form=ClasserForm,
        consequence="Les enveloppes, les filtres et la répartition entre instructeurs le comptent ainsi. L’équipe n’est pas prévenue.",
        succes="Le projet est classé.",
    )
)
@transaction.atomic
def classer_projet(
    projet: Projet,
    *,
    par: Compte,
    axe: Axe | None,
    objectif: Objectif | None,
    quartiers: Sequence[Quartier],
    est_culture: bool,
    est_participation: bool,
) -> None:
    """Say which envelopes and rules count the projet: axe, objectif, quartiers, culture, participation.

    Raises ValidationError when the objectif is of another axe.
    """
    pas = exiger(projet, "classer_projet", par=par)
    if objectif is not None and axe is not None and objectif.axe_id != axe.pk:
        raise ValidationError({"objectif": "Cet objectif n’est pas de cet axe."})
    projet.quartiers.set(quartiers)
    noms = [str(axe or "sans axe"), str(objectif or ""), *(quartier.nom for quartier in quartiers)]
    aussi = [mot for mot, vrai in (("culture", est_culture), ("participation", est_participation)) if vrai]
    pas.avancer(
        champs={
            "axe": axe,
            "objectif": objectif,
            "est_culture": est_culture,
            "est_participation": est_participation,
        },
        motif=", ".join(nom for nom in (*noms, *aussi) if nom),
    )


@acte(
    Page[Projet](
        consequence=et_l_equipe(
            "declarer_recevable",
            "Son équipe reçoit un courriel : recevable ne veut pas dire retenu.",
            "Le projet est instruit.",
        ),
        lettre=lambda p: ("contrat_ville/declarer_recevable", {"projet": p, "lien": p.get_porteur_url()}),
        succes=c_est_dit("declarer_recevable", "Le projet est recevable"),
    )
)
@transaction.atomic
def declarer_recevable(projet: Projet, *, par: Compte) -> None:
    """Start the examination. The team is told."""
    exiger(projet, "declarer_recevable", par=par).avancer(champs={"agent": projet.agent or par})
    faire_echeance(projet, RECEVABILITE)
    ecrire_a_l_equipe(projet, "declarer_recevable")


DeclarerIrrecevableForm = demander_texte(
    "Pourquoi",
    aide="Le porteur lit ces mots, et rien d’autre : dites-lui ce qui manque, simplement.",
    maximum=4000,
    lignes=6,
)


@acte(
    Page[Projet](
        form=DeclarerIrrecevableForm,
        consequence=et_l_equipe(
            "declarer_irrecevable",
            "Son équipe reçoit la raison par courriel.",
            "Le projet n’est pas examiné.",
        ),
        apercu=lambda p, reponses: lettre_vers(
            p, "declarer_irrecevable", projet={**_lu(p), "motif_decision": reponses["motif"]}
        ),
        retour="#courriers",
        succes=c_est_dit("declarer_irrecevable", "Le projet est irrecevable"),
    )
)
@transaction.atomic
def declarer_irrecevable(projet: Projet, *, par: Compte, motif: str) -> None:
    """Refuse the examination. The team is told why at once: no comité, no signed letter."""
    maintenant = timezone.now()
    exiger(projet, "declarer_irrecevable", par=par).avancer(
        champs={
            "motif_decision": motif,
            "decide_le": maintenant,
            "notifie_le": maintenant,
            "clos_le": maintenant,
        },
        motif=motif,
    )
    annuler_echeance(projet)
    ecrire_a_l_equipe(projet, "declarer_irrecevable", service=ReglageService.actuel())


def dans(jours: int) -> date:
    return ajouter_jours_ouvres(timezone.localdate(), jours)


RECEVABILITE = "recevabilite"
