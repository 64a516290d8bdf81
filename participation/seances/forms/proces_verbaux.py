"""Forms to write, correct and approve a procès-verbal, and to comment on it."""

from typing import Any

from django import forms

from participation.seances.actions.proces_verbaux import empreinte_partie
from participation.seances.lectures import minutes
from participation.seances.lectures.proces_verbaux import dire_le_vote, point_approuvant, points_d_approbation
from participation.seances.models import Point, ProcesVerbal
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_parmi, champ_texte

PREFIXE, PREFIXE_VU = "partie_", "vu_"


class TexteForm(forms.Form):
    """One field for each part of the text, with the fingerprint of the text that was shown."""

    def __init__(
        self,
        *args: Any,
        pv: ProcesVerbal,
        points: list[tuple[str, str]],
        avec_motif: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pv, self.cles = pv, []
        for cle, titre in minutes.parties(points):
            self.cles.append(cle)
            self.fields[PREFIXE + cle] = champ_texte(
                titre,
                maximum=60_000,
                requis=False,
                attributs={"data-editeur": ""},
                initial=pv.texte.get(cle, ""),
            )
            self.fields[PREFIXE_VU + cle] = forms.CharField(
                required=False, max_length=32, initial=empreinte_partie(pv, cle), widget=forms.HiddenInput
            )
        if avec_motif:
            self.fields["motif"] = champ_texte(
                "Raison de la correction",
                "Écrite dans la nouvelle version et dans la lettre aux membres.",
                maximum=1000,
                lignes=3,
            )

    def clean(self) -> dict[str, Any]:
        """Return `texte` and `vus`, by part, and `motif` if the form asks for it."""
        donnees: dict[str, Any] = super().clean() or {}
        propre: dict[str, Any] = {
            "texte": {cle: donnees.get(PREFIXE + cle, "") for cle in self.cles},
            "vus": {cle: donnees.get(PREFIXE_VU + cle, "") for cle in self.cles},
        }
        return propre | ({"motif": donnees.get("motif", "")} if "motif" in self.fields else {})

    def relire(self) -> None:
        """Take the fingerprints of the current text, after TexteDepasse.

        The page then shows the current text beside the typed one. Sending the form again replaces it.
        """
        self.pv.refresh_from_db(fields=["texte"])
        saisies: Any = dict(self.data.items())
        for cle in self.cles:
            if f"{PREFIXE}{cle}" in self.errors:
                saisies[PREFIXE_VU + cle] = empreinte_partie(self.pv, cle)
        self.data = saisies

    def champ(self, cle: str) -> forms.BoundField:
        return self[PREFIXE + cle]

    def champ_vu(self, cle: str) -> forms.BoundField:
        return self[PREFIXE_VU + cle]


class ApprouverForm(ActeForm):
    objet: ProcesVerbal

    point = champ_parmi(
        "Approuvé au point",
        Point.objects.none(),
        "Les points d’approbation des séances qui se sont tenues depuis.",
        requis=False,
        vide="Autrement (consultation écrite…)",
    )
    est_publie = champ_case(
        "Publier le procès-verbal sur le site", "Les points à huis clos n’y sont jamais.", requis=False
    )

    def preparer(self) -> None:
        points = points_d_approbation(self.objet)
        self.choisir(
            "point", Point.objects.filter(pk__in=[point.pk for point in points]).select_related("seance")
        )
        choix: Any = self.fields["point"]
        votes = {point.pk: dire_le_vote(point) for point in points}
        choix.label_from_instance = lambda point: f"{point.titre} ({point.seance.titre}, {votes[point.pk]})"
        self.initial["est_publie"] = self.objet.seance.instance.est_publique
        # No default when no point approves it: the agent must choose.
        if (approuvant := point_approuvant(points)) is not None:
            self.initial["point"] = approuvant.pk
        elif not points and self.objet.est_entre_invites():
            del self.fields["point"]  # no séance approves it


class RemarquerForm(forms.Form):
    texte = champ_texte(
        "Votre remarque",
        "Dites le point concerné, et ce qui devrait être écrit. Les agents du service la lisent.",
        maximum=3000,
        lignes=4,
    )


class TraiterRemarqueForm(ActeForm):
    # The field is written by the template, under each remark.
    reponse = forms.CharField(
        max_length=300, error_messages={"required": "Dites en une phrase ce qui est fait de cette remarque."}
    )
