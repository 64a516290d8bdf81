"""Forms to convene, move, cancel and inform, and the answer to a convocation."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from participation.seances.actions.reponses import mandataires_possibles, refus_du_pouvoir
from participation.seances.forms.preparation import LieuForm, QuandForm
from participation.seances.models import Convie, Profil, Seance
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_cases, champ_choix, champ_ligne, champ_texte

R = Convie.Reponse


class ConvoquerForm(ActeForm):
    """Form of a convocation. The fields for urgency and for a late convocation appear only when they apply.

    The action checks the delay again.
    """

    mot = champ_texte(
        "Un mot de la présidence",
        "En tête de la lettre et de la convocation, signé du nom de qui préside.",
        maximum=1500,
        requis=False,
        lignes=3,
    )
    est_urgente = champ_case(
        "Convoquer en urgence",
        "Le délai du règlement est alors plus court. Dites pourquoi ci-dessous.",
        requis=False,
    )
    quand_meme = champ_case("Convoquer quand même, hors délai", requis=False)
    motif = champ_texte(
        "Raison de l’urgence ou du retard",
        "Écrite dans la convocation et dans le journal.",
        maximum=1000,
        requis=False,
        lignes=2,
    )

    def preparer(self) -> None:
        urgence = self.objet.date_limite_urgence
        self.hors_delai = bool(self.objet.avertissement())
        self.urgence_suffit = urgence is not None and timezone.localdate() <= urgence
        if urgence is None:
            del self.fields["est_urgente"]
        if not self.hors_delai:
            del self.fields["quand_meme"]
        if not self.hors_delai and urgence is None:
            del self.fields["motif"]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        accepte = donnees.pop("quand_meme", False)
        urgente_et_a_temps = donnees.get("est_urgente") and self.urgence_suffit
        if self.hors_delai and not urgente_et_a_temps:
            if not accepte:
                self.add_error(
                    "quand_meme",
                    "Le délai du règlement n’est plus tenu : cochez cette case pour convoquer quand même, ou déplacez la séance.",
                )
            if not donnees.get("motif"):
                self.add_error("motif", "Dites pourquoi vous convoquez hors délai.")
        return donnees


class DeplacerForm(LieuForm, QuandForm):
    field_order = ("jour", "de", "a", "tenue", "lieu", "lien_visio", "motif", "quand_meme")

    motif = champ_texte(
        "Pourquoi ce changement", "Les personnes prévenues lisent cette raison.", maximum=1000, lignes=2
    )
    quand_meme = champ_case("Déplacer quand même si le délai du règlement n’est plus tenu", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        lieu = {champ: getattr(self.objet, champ) for champ in ("tenue", "lieu", "lien_visio")}
        return {**self.quand(self.objet), **lieu}

    def preparer(self) -> None:
        del self.fields["acces"]
        if self.objet.etat == "programmee":
            del self.fields["quand_meme"]
            self.fields["motif"].required = False
            self.fields["motif"].help_text = "Gardée au journal."


AnnulerForm = demander_texte("Raison", aide="Les personnes prévenues lisent cette raison.", maximum=1000)
InformerForm = demander_texte(
    "Un mot de votre part",
    aide="Ajouté à la lettre, avant le nouvel ordre du jour.",
    maximum=1000,
    facultatif=True,
)


class RepondreForm(ActeForm):
    """A member's answer, without the choices that the séance or the règlement excludes."""

    LIBELLES = {
        R.SALLE: "Je viens en salle",
        R.DISTANCE: "Je participe à distance",
        R.EXCUSE: "Je ne peux pas venir",
        R.POUVOIR: "Je ne peux pas venir et je donne pouvoir",
    }

    reponse = champ_choix("Votre réponse", (), boutons=True)
    # Not a ChoiceField: for a person who is no longer in the list, the error says their name and the reason.
    pouvoir_a = champ_ligne("À qui donnez-vous pouvoir ?", requis=False, widget=forms.Select)
    besoins = champ_cases(
        "De quoi avez-vous besoin ?",
        Profil.Besoin.choices,
        "Seul le service participation le voit, pour organiser la séance.",
        requis=False,
    )
    precisions = champ_texte(
        "Précisions",
        "Heure d’arrivée, langue de l’interprète, âge des enfants…",
        maximum=600,
        requis=False,
        lignes=3,
        attributs={"maxlength": 600},
    )

    def preparer(self) -> None:
        convie, seance = self.objet, self.objet.seance
        self.mandataires = {str(autre.pk): autre for autre in mandataires_possibles(convie)}
        possibles = [R.EXCUSE]
        if seance.tenue != Seance.Tenue.SALLE:
            possibles.insert(0, R.DISTANCE)
        if seance.tenue != Seance.Tenue.DISTANCE:
            possibles.insert(0, R.SALLE)
        if self.mandataires:
            possibles.append(R.POUVOIR)
        reponse, pouvoir = self.fields["reponse"], self.fields["pouvoir_a"]
        assert isinstance(reponse, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(pouvoir.widget, forms.Select)  # noqa: S101
        reponse.choices = [(valeur, self.LIBELLES[valeur]) for valeur in possibles]
        if self.mandataires:
            pouvoir.widget.choices = [
                ("", "Choisissez une personne"),
                *(
                    (cle, f"{autre.membre}, {autre.membre.college}")
                    for cle, autre in self.mandataires.items()
                ),
            ]
        else:
            del self.fields["pouvoir_a"]

    def initiales(self) -> Mapping[str, Any]:
        convie = self.objet
        if convie.repondu_le is None:
            profil = Profil.objects.filter(compte=convie.membre.compte_id).first()
            besoins = convie.besoins or (profil.besoins if profil else [])
        else:
            besoins = convie.besoins
        return {
            "reponse": convie.reponse,
            "pouvoir_a": str(convie.pouvoir_a_id or ""),
            "besoins": besoins,
            "precisions": convie.precisions,
        }

    def clean_pouvoir_a(self) -> Convie | None:
        cle = str(self.cleaned_data["pouvoir_a"])
        if not cle or self.cleaned_data.get("reponse") != R.POUVOIR:
            return None
        if cle in self.mandataires:
            return self.mandataires[cle]
        autre = (
            Convie.objects.filter(pk=int(cle)).select_related("membre__compte", "membre__college").first()
            if cle.isascii() and cle.isdecimal() and len(cle) < 19
            else None
        )
        raise forms.ValidationError(
            (refus_du_pouvoir(self.objet, autre) if autre else "")
            or "Cette personne n’est pas convoquée à cette séance : choisissez-en une dans la liste."
        )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("reponse") != R.POUVOIR:
            donnees["pouvoir_a"] = None
        elif donnees.get("pouvoir_a") is None and "pouvoir_a" not in self.errors:
            self.add_error("pouvoir_a", "Dites à qui vous donnez pouvoir.")
        return donnees
