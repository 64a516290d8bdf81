"""The questionnaires of the end, answered by members (on line or on paper) and organisers, then the evaluation published.

Answers are counted together, small numbers hidden.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.inclusion.models import ReglementInclusion
from participation.panels.models import Panel, ReponseQuestionnaire
from participation.panels.workflow import NOTES, Public
from participation.seances.models import Membre
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.echeances import faire_echeance, fixer_echeance
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.petits_nombres import tus
from participation.socle.views.pages import Page, acte, essayer, lier


def questions(panel: Panel, public: str) -> list[str]:
    """Return the questions of the règlement that the panel was opened under."""
    regle = panel.regle
    texte = regle.questions_membres if public == Public.MEMBRES else regle.questions_organisateurs
    return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]


def date_de_reponse(panel: Panel) -> date:
    """Return the last day to answer: counted from the opening, from today until then."""
    ouverts = panel.questionnaires_le
    jour = timezone.localdate(ouverts) if ouverts else timezone.localdate()
    return jour + timedelta(days=panel.regle.questionnaire_jours)


def interroges(panel: Panel) -> list[tuple[Compte, str]]:
    """Return who is asked, and which questionnaire: those who sit, then the team and the agent in charge."""
    sieges = Membre.objects.en_fonction().filter(college__mandature__instance=panel.instance_id)
    equipe = Q(pk__in=panel.equipe.values("compte")) | Q(pk=panel.agent_id)
    membres = Compte.objects.filter(pk__in=sieges.values("compte"), is_active=True).order_by("pk")
    autres = Compte.objects.filter(equipe, is_active=True).exclude(pk__in=membres).order_by("pk")
    return [
        *((compte, str(Public.MEMBRES)) for compte in membres),
        *((compte, str(Public.ORGANISATEURS)) for compte in autres),
    ]


@dataclass(frozen=True, slots=True)
class ResultatDeQuestion:
    """How many gave each answer, « tout à fait d’accord : 8 »; what is too small is said « moins de 5 »."""

    question: str
    comptes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Resultat:
    public: str
    phrase: str
    questions: list[ResultatDeQuestion]  # [] while too few answered


def resultats(panel: Panel) -> list[Resultat]:
    return [_resultat(panel, public) for public in Public]


def _resultat(panel: Panel, public: Public) -> Resultat:
    seuil = ReglementInclusion.actuel().plus_petit
    rendues = list(panel.reponses.filter(public=public).values_list("notes", flat=True))
    qui = str(public.label)
    if len(rendues) < seuil:
        dit = f"Moins de {seuil} réponses : rien n’est montré." if rendues else "Aucune réponse."
        return Resultat(qui, dit, [])
    posees = questions(panel, public)
    return Resultat(
        qui,
        f"{accorder(len(rendues), 'réponse')}.",
        [
            ResultatDeQuestion(
                question, _compter([notes[rang] for notes in rendues if rang < len(notes)], seuil)
            )
            for rang, question in enumerate(posees)
        ],
    )


def _compter(notes: list[int], seuil: int) -> list[tuple[str, str]]:
    combien = Counter(notes)
    mots = {0: "Sans réponse", **dict(NOTES)}
    caches = tus({note: combien[note] for note in mots}, seuil)
    return [
        (
            mot,
            f"moins de {seuil}"
            if note in caches and combien[note] < seuil
            else "caché"
            if note in caches
            else str(combien[note]),
        )
        for note, mot in mots.items()
        if combien[note] or note
    ]


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
    enregistrer(reponse)


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


def public_de(panel: Panel, compte: Compte) -> str:
    """Return which questionnaire is for this account; "" for neither: it sits in the panel, or works for it."""
    if (
        panel.instance is not None
        and Membre.objects.de_l_instance(panel.instance).filter(compte=compte).exists()
    ):
        return Public.MEMBRES
    if compte.est_agent or panel.equipe.filter(compte=compte).exists():
        return Public.ORGANISATEURS
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_a_remplir(request: RequeteConnectee, cle: str) -> HttpResponse:
    panel: Any = get_object_or_404(Panel.objects.select_related("reglement", "instance"), cle=cle)
    public = public_de(panel, request.user)
    if not public or panel.questionnaires_le is None:
        raise Http404
    if (refus := panel.refus("repondre_questionnaire", None)) is not None:
        raise refus
    classe = type("SienForm", (QuestionnaireForm,), {"public": public})
    form = lier(request, classe, panel)
    if form.is_valid():
        essayer(form, lambda: repondre_questionnaire(panel, request.user, public=public, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "Merci. Votre réponse est enregistrée ; vous pouvez la changer.")
            return redirect(
                panel.get_absolute_url()
                if request.user.est_agent
                else reverse("seances:espace")
                if public == Public.MEMBRES
                else request.path
            )
    return render(
        request, "panels/questionnaire.html", {"panel": panel, "form": form, "public": Public(public).label}
    )
