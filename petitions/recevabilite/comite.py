"""What the comité does together: its agenda, and its own opinion on each criterion."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q

from participation.seances.models import Point, Seance, Vote
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint, EtatVote
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_parmi, champ_texte
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from petitions.models import AvisDuComite, Petition
from petitions.recevabilite.actes import contexte_examen
from petitions.recevabilite.decisions import exiger_les_raisons, lignes_de_grille
from petitions.workflow import INSTANCE, Appreciation, Etat


class ArreterAvisForm(ActeForm):
    """For each criterion, what the comité says, why, and the vote that it rests on if there was one.

    It begins with what the comité said of this text, else with what all its members say.
    """

    objet: Petition

    def preparer(self) -> None:
        self.grille = self.objet.grille()
        self.criteres = [ligne.critere for ligne in self.grille]
        votes = Vote.objects.filter(
            point__liens_dossiers__dossier=self.objet.pk, etat=EtatVote.CLOS
        ).order_by("clos_le", "pk")
        self.a_des_votes = votes.exists()
        for ligne in self.grille:
            dit = ligne.comite if ligne.comite is not None and not ligne.comite_ancien else None
            commun = ligne.etat if ligne.etat in Appreciation.values else ""
            numero = ligne.critere.pk
            self.fields[f"appreciation_{numero}"] = champ_choix(
                "Avis du comité",
                [(valeur, majuscule(libelle)) for valeur, libelle in Appreciation.choices],
                boutons=True,
                initial=dit.appreciation if dit else commun,
                erreur=f"Dites l’avis du comité sur le critère « {ligne.critere} ».",
            )
            motifs = [a.examen.motif for a in ligne.avis if not a.ancien and not a.est_deporte]
            self.fields[f"motif_{numero}"] = champ_texte(
                "Raisons du comité",
                maximum=2000,
                requis=False,
                lignes=2,
                initial=dit.motif if dit else "\n".join(dict.fromkeys(filter(None, motifs))),
            )
            if self.a_des_votes:
                self.fields[f"vote_{numero}"] = champ_parmi(
                    "Le vote",
                    votes,
                    requis=False,
                    vide="Sans vote : le comité est d’accord",
                    initial=dit and dit.vote_id,
                )
        self.fields["vu"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=empreinte_de_l_avis(self.objet)
        )

    def lignes(self) -> list[dict[str, Any]]:
        return [
            {
                **ligne,
                "vote": self[f"vote_{ligne['critere'].pk}"] if self.a_des_votes else None,
                "autres": [(dit.examen, dit.ancien) for dit in lue.avis],
            }
            for ligne, lue in zip(lignes_de_grille(self, self.criteres), self.grille, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        exiger_les_raisons(self, reponses, self.criteres)
        return {
            "vu": reponses.get("vu", ""),
            "appreciations": {
                critere.pk: (
                    reponses.get(f"appreciation_{critere.pk}", ""),
                    reponses.get(f"motif_{critere.pk}", ""),
                    reponses.get(f"vote_{critere.pk}"),
                )
                for critere in self.criteres
            },
        }


@acte(
    Page[Petition](
        form=ArreterAvisForm,
        gabarit="petitions/recevabilite/arreter_avis.html",
        contexte=contexte_examen,
        retour="#examen",
    )
)
@transaction.atomic
def arreter_avis(
    petition: Petition,
    appreciations: Mapping[int, tuple[str, str, Vote | None]],
    *,
    par: Compte,
    vu: str = "",
) -> None:
    """Write what the comité itself says of each criterion, as {key: (appréciation, reasons, the vote it rests on)}.

    It settles what its members say apart. `vu`: `empreinte_de_l_avis` when the page was shown; raises
    ErreurMetier when somebody has written it since.
    """
    pas = exiger(petition, "arreter_avis", par=par)
    if vu and vu != empreinte_de_l_avis(petition):
        raise ErreurMetier(
            "L’avis du comité a été noté entre-temps par quelqu’un d’autre : relisez-le sur le dossier avant de le changer."
        )
    lignes = []
    for critere in petition.reglement.criteres.all():
        appreciation, motif, vote = appreciations[critere.pk]
        avis = AvisDuComite(
            petition=petition, critere=critere, appreciation=appreciation, motif=motif, vote=vote, par=par
        )
        avis.full_clean(validate_constraints=False)
        lignes.append(avis)
    petition.avis_du_comite.all().delete()
    AvisDuComite.objects.bulk_create(lignes)
    pas.avancer(
        details={
            "criteres": [
                {
                    "critere": avis.critere.libelle,
                    "appreciation": avis.get_appreciation_display(),
                    "motif": avis.motif,
                    "vote": str(avis.vote.objet) if avis.vote else "",
                }
                for avis in lignes
            ]
        }
    )


def empreinte_de_l_avis(petition: Petition) -> str:
    """Say which opinion of the comité is written now: « aucun », or the instant of its last writing."""
    dernier = petition.avis_du_comite.order_by("-le").values_list("le", flat=True).first()
    return dernier.isoformat() if dernier else "aucun"


MINUTES_PAR_PETITION = 15


def a_inscrire() -> Any:
    """Return the filed pétitions that are on no agenda to come, ordered by échéance."""
    inscrites = Point.objects.filter(
        Q(seance__etat__in=A_VENIR | EN_COURS, etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS])
    )
    return (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .exclude(liens_points__point__in=inscrites)
        .avec_suite()
        .order_by("date_echeance", "pk")
    )


def seances_du_comite() -> Any:
    """Return the séances to come of the comité."""
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
    ).order_by("debut")


@transaction.atomic
def inscrire_au_comite(seance: Seance, petitions: Iterable[Petition], *, par: Compte) -> list[Point]:
    """Add one point for each pétition, so that each has its own time, déports and vote.

    Raises ErreurMetier for a pétition already on an agenda, or already decided.
    """
    points = []
    verrouiller(seance)  # serializes two agents who fill the agenda at the same time
    attendues = set(a_inscrire().values_list("pk", flat=True))
    for petition in petitions:
        if petition.pk not in attendues:
            raise ErreurMetier(f"« {petition.titre} » est déjà à l’ordre du jour, ou déjà décidée.")
        points.append(
            ajouter_point(
                seance,
                par=par,
                dossiers=[petition],
                nature=Point.Nature.DECISION,
                titre=f"Recevabilité : {petition.titre}"[:200],
                duree=MINUTES_PAR_PETITION,
            )
        )
        avancer(
            petition,
            "inscrire_au_comite",
            par=par,
            fait=f"À l’ordre du jour du comité du {jour_texte(seance.jour)}",
            details={"seance": seance.pk},
        )
    return points


class InscrireAuComiteForm(forms.Form):
    """Choice of a séance of the comité and of pétitions: the most urgent first, all ticked."""

    seance: Any = champ_parmi(
        "Séance du comité",
        None,
        erreur="Choisissez une séance.",
        messages={"invalid_choice": "Cette séance n’est plus à venir."},
        vide=None,
    )
    petitions: Any = forms.ModelMultipleChoiceField(
        label="Pétitions à examiner",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une pétition.",
            "invalid_choice": "Une de ces pétitions est déjà à l’ordre du jour, ou déjà décidée.",
        },
    )

    def __init__(self, *args: Any, seances: Any, petitions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, lignes in (("seance", seances), ("petitions", petitions)):
            champ: Any = self.fields[nom]
            champ.queryset = lignes
        self.initial.setdefault("petitions", [petition.pk for petition in petitions])
