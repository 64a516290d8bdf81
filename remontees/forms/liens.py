"""Forms of a service on its signed link: those of the office, with the name of who answers."""

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne
from remontees.forms.reponse import RefuserAttributionForm, RepondreAttributionForm


class SansQuestionForm(ActeForm):
    pass


class RepondreParLienForm(RepondreAttributionForm):
    nom = champ_ligne(
        "Votre nom et votre service",
        maximum=160,
        erreur="Dites qui répond.",
        attributs={"autocomplete": "name"},
    )


class RefuserParLienForm(RefuserAttributionForm):
    nom = champ_ligne(
        "Votre nom et votre service",
        maximum=160,
        erreur="Dites qui répond.",
        attributs={"autocomplete": "name"},
    )
