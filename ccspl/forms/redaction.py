"""Forms to write an avis together and to vote it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from ccspl.lectures.presentation import membre_de
from ccspl.models import Avis, Paragraphe, Preconisation, Proposition
from ccspl.workflow import Sens
from participation.seances.models import Membre
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_parmi, champ_texte
from participation.socle.models import Direction

SENS = [(valeur, capfirst(libelle)) for valeur, libelle in Sens.choices]


class RedigerForm(ActeForm):
    """Text of new paragraphs."""

    texte = champ_texte(
        "Texte",
        "Une ligne vide commence un nouveau paragraphe. Vous pouvez coller tout un texte.",
        lignes=10,
        maximum=60_000,
        erreur="Écrivez le texte.",
    )


class RedigerParagrapheForm(RedigerForm):
    """Text of an existing paragraph, with detection of concurrent changes."""

    SURVEILLES = ("texte",)


class RangForm(ActeForm):
    """Form that detects a change of the paragraph by its version (`rang_vu`: version shown by the page)."""

    rang_vu = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def paragraphe(self) -> Paragraphe | None:
        return self.objet if isinstance(self.objet, Paragraphe) else self.objet.paragraphe

    def initiales(self) -> Mapping[str, Any]:
        rang = self.paragraphe.rang_version if self.paragraphe is not None else None
        return {"rang_vu": rang, "texte": self.objet.texte}

    def relire(self) -> None:
        donnees: Any = dict(self.data.items())
        if self.paragraphe is not None:
            donnees["rang_vu"] = str(self.paragraphe.rang_version)
        donnees.pop("relu", None)
        self.data = donnees


class ProposerForm(ActeForm):
    """A paragraph proposed at the top of the text."""

    texte = champ_texte("Votre rédaction", lignes=7, requis=False)
    raison = champ_texte("Pourquoi", "En une phrase, si vous voulez.", lignes=2, requis=False, maximum=600)


class ProposerParagrapheForm(ProposerForm, RangForm):
    nature = champ_choix(
        "Que proposez-vous ?",
        [
            ("modifier", "Changer ce paragraphe"),
            ("ajouter", "Ajouter un paragraphe après celui-ci"),
            ("supprimer", "Supprimer ce paragraphe"),
        ],
        erreur="Dites ce que vous proposez.",
        boutons=True,
        initial=Proposition.Nature.MODIFIER,
    )
    field_order = ["nature", "texte", "raison", "rang_vu"]

    def preparer(self) -> None:
        self.fields["texte"].help_text = "Laissez vide si vous proposez de supprimer."


class AccepterForm(RangForm):
    """The wording as it enters the text: the agent may change it."""

    objet: Proposition

    texte = champ_texte("Texte retenu", "Vous pouvez le corriger avant de l’accepter.", lignes=7)
    relu = champ_case(
        "J’ai lu le texte d’aujourd’hui : la rédaction ci-dessus le remplace",
        erreur="Le paragraphe a changé depuis la proposition : dites que vous l’avez relu.",
    )

    def preparer(self) -> None:
        if self.objet.nature == Proposition.Nature.SUPPRIMER:
            del self.fields["texte"]
        if not self.objet.est_depassee:
            del self.fields["relu"]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        reponses.pop("relu", None)
        return reponses


RefuserForm = demander_texte(
    "Pourquoi",
    nom="reponse",
    aide="L’auteur de la proposition reçoit ces mots.",
    maximum=300,
    erreur="Dites pourquoi : l’auteur de la proposition le lira.",
)
RouvrirRedactionForm = demander_texte(
    "Pourquoi reprendre le texte", aide="Les membres lisent ces mots.", maximum=600
)
RejeterForm = demander_texte(
    "Pourquoi",
    aide="Les membres lisent ces mots.",
    maximum=600,
    erreur="Dites pourquoi le texte n’est pas adopté.",
)


class PreconiserForm(ActeForm):
    objet: Avis

    texte = champ_texte(
        "Préconisation",
        "Une seule demande par ligne : la Métropole répond à chacune.",
        lignes=4,
        maximum=2000,
        erreur="Écrivez la préconisation.",
    )
    direction = champ_parmi(
        "Direction qui répondra",
        Direction.objects.filter(est_active=True),
        requis=False,
        vide="Celle du service, ou à choisir plus tard",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.service.direction_id}


class ModifierPreconisationForm(PreconiserForm):
    SURVEILLES = ("texte",)
    objet: Preconisation  # type: ignore[assignment]  # the same questions, about a préconisation

    def initiales(self) -> Mapping[str, Any]:
        return {"texte": self.objet.texte, "direction": self.objet.direction_id}


class NoterPositionForm(ActeForm):
    """Position of the member who writes, or of a member chosen by an agent."""

    objet: Avis

    membre: Any = champ_parmi(
        "Membre",
        Membre.objects.none(),
        erreur="Dites de quel membre est cette position.",
        vide="Choisir un membre",
    )
    texte = champ_texte(
        "Position minoritaire",
        "Elle est publiée avec l’avis, avec le nom de la personne.",
        lignes=5,
        maximum=2000,
        erreur="Écrivez la position.",
    )

    def preparer(self) -> None:
        if self.par is not None and self.par.est_agent:
            self.choisir(
                "membre",
                Membre.objects.filter(college__mandature__instance=self.objet.mandature.instance)
                .en_fonction()
                .select_related("compte", "college")
                .order_by("compte__nom", "compte__prenom"),
            )
            return
        del self.fields["membre"]
        membre = membre_de(self.par) if self.par is not None else None
        position = self.objet.positions.filter(membre=membre).first() if membre is not None else None
        if position is not None:
            self.initial["texte"] = position.texte


class AdopterForm(ActeForm):
    """Fields asked at adoption, in séance and on paper."""

    objet: Avis

    sens = champ_choix("Sens de l’avis", SENS, erreur="Dites le sens de l’avis.", boutons=True)
    synthese = champ_texte(
        "L’avis en deux phrases",
        "En mots simples, pour le public et les élus. Vous pourrez l’écrire plus tard.",
        lignes=3,
        requis=False,
        maximum=800,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"synthese": self.objet.synthese}


class AdopterSurPapierForm(AdopterForm):
    le = champ_jour(
        "Adopté le",
        "Le jour de la séance où il a été voté.",
        erreur="Dites quand l’avis a été adopté.",
        initial=timezone.localdate,
    )
    field_order = ["le", "sens", "synthese"]
