"""Forms of paper ballots in a secret vote: who voted on paper, who counts, and each teller's count."""

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.seances.forms.deroule import ConvieField, presents_de
from participation.seances.lectures.questions import Situation, deja_votes, voix_ouvertes
from participation.seances.models import College, ComptePapier, Convie, Vote
from participation.seances.regles.votes import VoixComptees
from participation.seances.workflow import Sens
from participation.socle.forms.actes import ActeForm


class CompterBulletinsForm(ActeForm):
    votants = forms.ModelMultipleChoiceField(
        label="Qui a voté sur papier",
        queryset=Convie.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez les personnes qui ont voté sur papier."},
    )
    premier = ConvieField(label="Première personne qui compte", queryset=Convie.objects.none())
    second = ConvieField(label="Seconde personne qui compte", queryset=Convie.objects.none())

    objet: Vote

    def initiales(self) -> Mapping[str, Any]:
        """Return the current list of voters and tellers, to be corrected."""
        scrutateurs = self.objet.comptes_papier.values_list("convie", flat=True)
        return {
            "votants": self.objet.sur_papier,
            **dict(zip(("premier", "second"), scrutateurs, strict=False)),
        }

    def preparer(self) -> None:
        seance = self.objet.point.seance
        situation = Situation.de(seance)
        ouvertes = {voix for liste in voix_ouvertes(self.objet, situation).values() for voix in liste}
        libres = ouvertes - deja_votes(self.objet) | set(self.objet.sur_papier)
        self.choisir(
            "votants",
            Convie.objects.filter(pk__in=libres).select_related("membre__compte", "membre__college"),
        )
        for nom in ("premier", "second"):
            self.choisir(nom, presents_de(seance))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        return {
            "votants": list(donnees.get("votants") or []),
            "scrutateurs": [donnees[nom] for nom in ("premier", "second") if donnees.get(nom)],
        }


class DonnerSonCompteForm(ActeForm):
    objet: ComptePapier

    def preparer(self) -> None:
        vote = self.objet.vote
        self.colleges = {0: ""}
        if vote.par_college:
            colleges = College.objects.filter(membres__convocations__in=vote.sur_papier).distinct()
            self.colleges = dict(colleges.values_list("pk", "nom"))
        for college, titre in self.colleges.items():
            for sens, libelle in Sens.choices:
                self.fields[f"{sens}_{college}"] = forms.IntegerField(
                    label=f"{titre}, {libelle}" if titre else f"Bulletins « {libelle} »",
                    min_value=0,
                    max_value=9999,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        decomptes = {
            college: VoixComptees(*((donnees.get(f"{sens}_{college}") or 0) for sens in Sens.values))
            for college in self.colleges
        }
        return {"decomptes": decomptes}
