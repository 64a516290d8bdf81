"""Form to answer a demande by signed link."""

from typing import Any

from django import forms

from participation.socle.forms.champs import ChampFichier, champ_case, champ_ligne, champ_qui, champ_texte
from participation.socle.models import Compte, Demande


class RepondreDemandeForm(forms.Form):
    reponse = champ_texte("Votre réponse", maximum=20000, erreur="Écrivez votre réponse.", lignes=8)
    fichier = ChampFichier(
        label="Joindre un fichier",
        required=False,
        help_text="Note, plan, tableau : PDF, image ou document de bureau. Seul le service le lit.",
    )
    hors_ressort = champ_case("Ce n’est pas de notre ressort", requis=False)
    oriente_vers = champ_ligne(
        "À qui faut-il le demander ?",
        "Si ce n’est pas de votre ressort : une direction, une commune, un organisme.",
        requis=False,
        maximum=160,
    )
    nom = champ_qui()

    def __init__(self, *args: Any, demande: Demande, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reponse"].initial = demande.proposition
        if isinstance(demande.destinataire, Compte):
            self.fields["nom"].initial = demande.destinataire.get_full_name()
            del self.fields["hors_ressort"], self.fields["oriente_vers"]
        elif self.data.get("hors_ressort"):
            self.fields["reponse"].required = False

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if lues.get("hors_ressort") and not lues.get("oriente_vers"):
            self.add_error("oriente_vers", "Dites à qui il faut le demander.")
        return lues
