"""The questionnaires of the end: members (on line or on paper) and organisers answer, then the evaluation is published."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.panels.models import Panel, ReponseQuestionnaire
from participation.panels.questionnaires.lectures import date_de_reponse, interroges, questions
from participation.panels.workflow import NOTES, Public
from participation.socle.actions import avancer, exiger
from participation.socle.actions.echeances import faire_echeance, fixer_echeance
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

SEL = "panels.questionnaire"
ECHEANCE = "evaluation"


def cle(panel: Panel, compte: Compte) -> str:
    """A keyed hash: without the key of the site, no answer leads to who gave it."""
    return salted_hmac(SEL, f"{panel.pk}|{compte.pk}", algorithm="sha256").hexdigest()


def _qui_recoit(suite: str) -> Callable[[Panel], str]:
    def dire(panel: Panel) -> str:
        qui = interroges(panel)
        postes = sum(compte.est_par_poste for compte, _ in qui)
        papier = " Aux lettres de papier, joignez le questionnaire imprimé." if postes else ""
        return f"{accorder(len(qui), 'personne reçoit', 'personnes reçoivent')} une lettre.{papier} {suite}"

    return dire


@acte(
    Page[Panel](
        consequence=_qui_recoit("Chaque membre trouve aussi le questionnaire dans son espace, et l’équipe le sien sur cette page. Personne ne sait qui a répondu quoi."),
        lettre=lambda panel: lettre_d_ouverture(panel, date_de_reponse(panel)),
        retour="#questionnaires",
    )
)  # fmt: skip
@transaction.atomic
def ouvrir_questionnaires(panel: Panel, *, par: Compte) -> None:
    avancer(panel, "ouvrir_questionnaires", par=par, champs={"questionnaires_le": timezone.now()})
    fixer_echeance(
        panel,
        ECHEANCE,
        libelle="Publier l’évaluation du panel",
        date_limite=date_de_reponse(panel),
        rappels=[7],
        responsable=panel.agent,
        page=reverse("panels:publier_evaluation", args=[panel.pk]),
    )
    ecrire_a_tous(panel, lettre_d_ouverture(panel, date_de_reponse(panel)))


@acte(
    Page[Panel](
        consequence=_qui_recoit("La même à tous : dire à qui elle manque dirait qui n’a pas répondu."),
        lettre=lambda panel: lettre_de_rappel(panel, date_de_reponse(panel)),
        retour="#questionnaires",
    )
)
@transaction.atomic
def relancer_questionnaires(panel: Panel, *, par: Compte) -> None:
    """Write again to all: who answered is not known, and the free words of the few who had would be theirs."""
    avancer(panel, "relancer_questionnaires", par=par)
    ecrire_a_tous(panel, lettre_de_rappel(panel, date_de_reponse(panel)))


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
def saisir_questionnaire(
    panel: Panel, *, par: Compte, notes: list[int], mots: str = "", numero: UUID | None = None
) -> None:
    """Copy a paper. `numero`: of the row of a table of papers, which counts once."""
    pas = exiger(panel, "saisir_questionnaire", par=par)
    if numero is not None and ReponseQuestionnaire.objects.filter(pk=numero).exists():
        return
    reponse = ReponseQuestionnaire(
        id=numero or uuid4(), panel=panel, public=Public.MEMBRES, notes=notes, mots=mots
    )
    _ecrire(reponse)
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
    faire_echeance(panel, ECHEANCE)


Lettre = tuple[str, dict[str, Any]]


def lettre_d_ouverture(panel: Panel, avant: date) -> Lettre:
    return "panels/ouvrir_questionnaires", _contexte(panel, avant)


def lettre_de_rappel(panel: Panel, avant: date) -> Lettre:
    return "panels/relancer_questionnaires", _contexte(panel, avant)


def ecrire_a_tous(panel: Panel, lettre: Lettre) -> int:
    nom, contexte = lettre
    destinataires = [
        Destinataire(compte.courriel, contexte={"est_membre": public == Public.MEMBRES, "lien": _lien(panel, compte)})
        for compte, public in interroges(panel)
    ]  # fmt: skip
    return ecrire_a_plusieurs(nom, destinataires, contexte=contexte, dossier=panel)


def _contexte(panel: Panel, avant: date) -> dict[str, Any]:
    return {"panel": panel, "avant": avant, "est_membre": True, "lien": _page(panel)}


def _page(panel: Panel) -> str:
    return reverse("panels:repondre_questionnaire", args=[panel.cle])


def _lien(panel: Panel, compte: Compte) -> str:
    """Return the way in: the address is filled, a code comes to it."""
    return f"{reverse('account_login')}?{urlencode({'courriel': compte.courriel, 'next': _page(panel)})}"
