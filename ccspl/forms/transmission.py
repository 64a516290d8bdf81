"""Forms of the transmission of an avis and of its answers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from ccspl.actions.transmission import AutreDestinataire
from ccspl.models import INSTANCE, Avis, Transmission
from participation.seances.models import Seance
from participation.seances.workflow import A_VENIR
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.models import Appartenance, Direction
from participation.socle.workflow import Role
from participation.suites import forms as suites
from participation.suites.models import ReglementSuites

JOURS_SANS_REGLEMENT = 60


def date_par_defaut() -> Any:
    reglement = ReglementSuites.objects.en_vigueur()
    return timezone.localdate() + timedelta(
        days=reglement.objectif_jours if reglement else JOURS_SANS_REGLEMENT
    )


class TransmettreForm(ActeForm):
    """A direction for each préconisation without a suite, then the other recipients."""

    directions: Any = forms.ModelMultipleChoiceField(
        label="Directions qui reçoivent l’avis",
        queryset=Direction.objects.filter(est_active=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Celles qui répondent à une préconisation le reçoivent de toute façon.",
    )
    au_conseil = champ_case("Au conseil métropolitain", requis=False)
    adresse_conseil = champ_courriel("Courriel du service des assemblées", requis=False)
    elus: Any = forms.MultipleChoiceField(label="Élus", widget=forms.CheckboxSelectMultiple, required=False)
    autres = champ_texte(
        "Commissions et autres élus",
        "Un par ligne : le nom, puis l’adresse. Par exemple : Commission Transition, commission@exemple.fr",
        lignes=3,
        requis=False,
        maximum=2000,
    )
    date_limite = champ_jour(
        "Réponse attendue le", erreur="Dites pour quand la réponse est attendue.", initial=date_par_defaut
    )

    objet: Avis

    def preparer(self) -> None:
        avis = self.objet
        self.lignes = list(avis.preconisations.filter(suite__isnull=True).order_by("numero"))
        directions = Direction.objects.filter(est_active=True)
        ordre = []
        for ligne in self.lignes:
            nom = f"direction_{ligne.pk}"
            ordre.append(nom)
            self.fields[nom] = champ_parmi(
                f"Préconisation {ligne.numero}",
                directions,
                ligne.texte,
                erreur=f"Dites qui répond à la préconisation {ligne.numero}.",
                vide="Choisir la direction qui répond",
                initial=ligne.direction_id or avis.service.direction_id,
            )
        self.order_fields([*ordre, "directions"])
        elus = (
            Appartenance.objects.en_vigueur()
            .filter(role=Role.ELU, compte__is_active=True)
            .select_related("compte")
            .order_by("compte__nom", "compte__prenom")
        )
        self._elus = {str(a.compte_id): a.compte for a in elus}
        champ: Any = self.fields["elus"]
        champ.choices = [(pk, str(compte)) for pk, compte in self._elus.items()]
        if not self._elus:
            del self.fields["elus"]

    def clean_autres(self) -> list[AutreDestinataire]:
        lus = []
        for ligne in filter(str.strip, self.cleaned_data["autres"].splitlines()):
            nom, _, adresse = (partie.strip(" ,;<>") for partie in ligne.rpartition(","))
            if not adresse or not nom:
                raise forms.ValidationError(
                    f"« {ligne.strip()} » : écrivez un nom, une virgule, puis l’adresse."
                )
            try:
                validate_email(adresse)
            except ValidationError:
                raise forms.ValidationError(f"« {adresse} » n’est pas une adresse complète.") from None
            est_commission = "commission" in nom.lower()
            nature = Transmission.Nature.COMMISSION if est_commission else Transmission.Nature.ELU
            lus.append(AutreDestinataire(nature, nom[:160], adresse))
        return lus

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        autres = list(reponses.get("autres") or [])
        autres += [
            AutreDestinataire(Transmission.Nature.ELU, str(self._elus[pk])[:160], self._elus[pk].courriel)
            for pk in reponses.get("elus") or []
        ]
        if reponses.get("au_conseil"):
            autres.append(
                AutreDestinataire(
                    Transmission.Nature.CONSEIL,
                    str(self.objet.conseil or "Conseil métropolitain")[:160],
                    reponses.get("adresse_conseil") or "",
                )
            )
        return {
            "directions": list(reponses.get("directions") or []),
            "autres": autres,
            "date_limite": reponses.get("date_limite"),
            "directions_de": {
                ligne.pk: reponses[f"direction_{ligne.pk}"]
                for ligne in self.lignes
                if reponses.get(f"direction_{ligne.pk}")
            },
        }


class RemettreForm(ActeForm):
    le = champ_jour("Remis le", initial=timezone.localdate)


class AccuserForm(forms.Form):
    nom = champ_ligne(
        "Votre nom et votre fonction",
        maximum=160,
        erreur="Dites qui accuse réception.",
        attributs={"autocomplete": "name"},
    )


CiterForm = demander_texte(
    "Délibération qui cite l’avis",
    nom="deliberation",
    aide="Son numéro et sa date.",
    maximum=160,
    lignes=1,
    erreur="Donnez le numéro et la date de la délibération.",
    actuel=True,
)
ResumerForm = demander_texte(
    "L’avis en deux phrases",
    nom="synthese",
    aide="En mots simples, sans sigle : c’est ce que le public lit d’abord.",
    maximum=800,
    lignes=4,
    erreur="Écrivez le résumé.",
    actuel=True,
)


class AjouterSuiteForm(suites.AjouterSuiteForm):
    date_limite = champ_jour("Attendue le", erreur="Dites pour quand.", initial=date_par_defaut)


RepondreForm = demander_texte(
    "Ce que la Métropole a répondu", aide="Écrit dans le journal, public.", lignes=4, facultatif=True
)
CloreForm = demander_texte("Un mot pour le journal", maximum=600, facultatif=True)


class SeanceAVenirForm(ActeForm):
    """Choice of a séance to come of the commission."""

    seance: Any = champ_parmi(
        "Séance",
        Seance.objects.none(),
        erreur="Choisissez une séance.",
        messages={"invalid_choice": "Cette séance n’est plus à venir."},
        vide=None,
    )

    def preparer(self) -> None:
        a_venir = Seance.objects.filter(
            instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
        )
        self.choisir("seance", a_venir.order_by("debut"))
