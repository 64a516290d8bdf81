"""Form to fill the agenda of the comité de recevabilité."""

from typing import Any

from django import forms

from participation.socle.forms.champs import champ_parmi


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
