"""The questionnaires of the end: members (on line or on paper) and organisers answer, then the evaluation is published."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.panels.models import Panel, ReponseQuestionnaire
from participation.panels.questionnaires.lectures import questions
from participation.panels.workflow import NOTES, Public
from participation.socle.actions import avancer, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.forms.signature import ACTUEL
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

SEL = "panels.questionnaire"


def cle(panel: Panel, compte: Compte) -> str:
    """A keyed hash: without the key of the site, no answer leads to who gave it."""
    return salted_hmac(SEL, f"{panel.pk}|{compte.pk}", algorithm="sha256").hexdigest()


@acte(
    Page[Panel](
        consequence="Chaque membre trouve le questionnaire dans son espace, et l’équipe le sien sur cette page. Personne ne sait qui a "
        "répondu quoi.",
        retour="#questionnaires",
    )
)
@transaction.atomic
def ouvrir_questionnaires(panel: Panel, *, par: Compte) -> None:
    avancer(panel, "ouvrir_questionnaires", par=par, champs={"questionnaires_le": timezone.now()})


class QuestionnaireForm(ActeForm):
    """One choice for each question of the règlement, then a few words. Nothing is asked for."""

    public: str = Public.MEMBRES

    def preparer(self) -> None:
        self.rangs = []
        for rang, question in enumerate(questions(self.objet, self.public)):
            self.fields[f"question_{rang}"] = champ_choix(
                question,
                [("", "Je ne réponds pas"), *((str(note), mot) for note, mot in NOTES)],
                requis=False,
            )
            self.rangs.append(f"question_{rang}")
        self.fields["mots"] = champ_texte(
            "En quelques mots",
            "Lu par le service seul. N’y nommez personne.",
            maximum=1000,
            lignes=3,
            requis=False,
        )

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        notes = [int(dit.pop(nom, "") or 0) for nom in self.rangs]
        if not any(notes) and not dit.get("mots"):
            self.add_error(None, "Répondez à une question au moins.")
        return {**dit, "notes": notes}


class SaisirForm(QuestionnaireForm):
    """A questionnaire filled on paper by a member."""


@acte(
    Page[Panel](
        form=SaisirForm,
        consequence="Recopiez le papier d’un membre, sans dire de qui il est.",
        bouton="Enregistrer",
        gabarit="panels/encore.html",
        retour="#questionnaires",
        succes="La réponse est enregistrée.",
    )
)
@transaction.atomic
def saisir_questionnaire(panel: Panel, *, par: Compte, notes: list[int], mots: str = "") -> None:
    pas = exiger(panel, "saisir_questionnaire", par=par)
    _ecrire(ReponseQuestionnaire(panel=panel, public=Public.MEMBRES, notes=notes, mots=mots))
    pas.avancer()


@transaction.atomic
def repondre_questionnaire(
    panel: Panel, compte: Compte, *, public: str, notes: list[int], mots: str = ""
) -> None:
    """Give or change one's own answer. No line in the journal: the hour would say who answered what."""
    exiger(panel, "repondre_questionnaire", par=None)
    sienne = cle(panel, compte)
    deja = ReponseQuestionnaire.objects.select_for_update().filter(cle=sienne).first()
    reponse = deja or ReponseQuestionnaire(panel=panel, cle=sienne)
    reponse.public, reponse.notes, reponse.mots = public, notes, mots
    _ecrire(reponse)


def _ecrire(reponse: ReponseQuestionnaire) -> None:
    if len(reponse.notes) != len(questions(reponse.panel, reponse.public)):
        raise ValidationError("Les questions ont changé : rouvrez cette page.")
    reponse.full_clean()
    reponse.save()


@acte(
    Page[Panel](
        consequence="Les réponses sont publiées ensemble, les petits nombres cachés, avec ces mots. Les textes libres ne le sont pas.",
        retour="#questionnaires",
    )
)
@transaction.atomic
def publier_evaluation(
    panel: Panel,
    *,
    par: Compte,
    evaluation: Annotated[
        str,
        champ_texte(
            "Ce que le service en retient",
            "Public : ce qui a marché, ce qui change la prochaine fois.",
            maximum=4000,
            lignes=6,
        ),
        ACTUEL,
    ],
) -> None:
    champs = {"evaluation": evaluation, "evaluation_le": panel.evaluation_le or timezone.now()}
    avancer(panel, "publier_evaluation", par=par, champs=champs)
