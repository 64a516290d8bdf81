"""What a panel recommends: written, voted by its members in séance, then owed a suite each.

Told to who asked for it, and its answer to the members; who only wants news follows it (`suites/abonnements`).
"""

from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from participation.panels.models import Panel, Recommandation
from participation.panels.preparation.contacts import tenir_contacts
from participation.panels.workflow import EtatPanel
from participation.seances.models import Membre
from participation.socle.actions import avancer, exiger
from participation.socle.actions.avancer import enregistrer, verrouiller
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_parmi, champ_texte
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder
from participation.socle.models import Compte, Direction
from participation.socle.views.pages import Page, acte
from participation.suites import actes as suites
from participation.suites.actes import AjouterSuiteForm
from participation.suites.models import ChangementSuite, Suite


def dire_les_recommandations(panel: Panel, *, adoptees: int) -> None:
    """Tell who follows the dossier that waits for the panel: its opinion is there to be received."""
    origine = panel.origine
    if origine is None:
        return
    ecrire(
        "panels/adopter_recommandations",
        a=[origine.agent.courriel] if origine.agent is not None else adresses_du_service(origine),
        contexte={"panel": panel, "adoptees": adoptees, "lien": origine.enfant.get_absolute_url()},
        dossier=origine,
        cle=f"adopter_recommandations:{panel.pk}",
    )


def changer_suite(suite: Suite, changement: ChangementSuite, **_: Any) -> None:
    """Receiver of `suites.signals.suite_changee`: tell the members of the panel. The `suites` app writes to the followers."""
    if suite.dossier.app != "panels" or not suite.est_publiee:
        return
    panel = Panel.objects.get(pk=suite.dossier_id)
    if panel.instance_id is None:
        return
    membres = Membre.objects.filter(
        pk__in=panel.inscriptions.exclude(membre=None).values("membre"), compte__is_active=True
    )
    ecrire_a_plusieurs(
        "panels/changer_suite",
        [
            Destinataire(adresse)
            for adresse in membres.order_by("pk").values_list("compte__courriel", flat=True)
        ],
        contexte={"suite": suite, "changement": changement, "panel": panel, "lien": panel.get_public_url()},
        dossier=panel,
        cle=changement.cle_lettre,
    )


# `Direction | None`, though it is required: the plugin of Django takes Annotated[a model] for its own.
QUI_REPOND = champ_parmi("Direction qui répond", Direction.objects.all())
CE_QU_IL_DIT = "Les mots sont ceux du panel. Il les vote en séance ; ensuite, plus personne ne les change."


@acte(Page[Panel](consequence=CE_QU_IL_DIT, bouton="Enregistrer", retour="#recommandations"))
@transaction.atomic
def ecrire_recommandation(
    panel: Panel,
    *,
    par: Compte,
    titre: Annotated[str, champ_ligne("La recommandation, en une phrase", maximum=200)],
    texte: Annotated[str, champ_texte("Ce qu’il faut en dire", requis=False, lignes=8)] = "",
    direction: Annotated[
        Direction | None,
        champ_parmi(
            "Direction qui répondra", Direction.objects.all(), "Peut être dite plus tard.", requis=False
        ),
    ] = None,
) -> Recommandation:
    pas = exiger(panel, "ecrire_recommandation", par=par)
    ordre = (panel.recommandations.aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1
    recommandation = enregistrer(
        Recommandation(panel=panel, ordre=ordre, titre=titre, texte=texte, direction=direction)
    )
    pas.avancer(fait=f"Recommandation {ordre} écrite")
    return recommandation


@acte(Page[Recommandation](consequence=CE_QU_IL_DIT, bouton="Enregistrer", retour="#recommandations"))
@transaction.atomic
def corriger_recommandation(
    recommandation: Recommandation,
    *,
    par: Compte,
    titre: Annotated[str, champ_ligne("La recommandation, en une phrase", maximum=200), ACTUEL],
    texte: Annotated[str, champ_texte("Ce qu’il faut en dire", requis=False, lignes=8), ACTUEL] = "",
) -> None:
    avancer(
        recommandation,
        "corriger_recommandation",
        par=par,
        fait=f"Recommandation {recommandation.ordre} corrigée",
        champs={"titre": titre, "texte": texte},
    )


@acte(Page[Recommandation](consequence="Elle n’est pas soumise au vote du panel.", retour="#recommandations"))
@transaction.atomic
def retirer_recommandation(recommandation: Recommandation, *, par: Compte) -> None:
    pas = exiger(recommandation, "retirer_recommandation", par=par)
    titre = str(recommandation)
    recommandation.delete()
    pas.avancer(fait=f"Recommandation retirée : {titre}")


@acte(Page[Recommandation](consequence="La direction à qui elle sera transmise.", retour="#recommandations"))
@transaction.atomic
def confier_recommandation(
    recommandation: Recommandation, *, par: Compte, direction: Annotated[Direction | None, QUI_REPOND, ACTUEL]
) -> None:
    avancer(
        recommandation,
        "confier_recommandation",
        par=par,
        fait=f"Recommandation {recommandation.ordre} confiée à {direction}",
        champs={"direction": direction},
    )


class AdopterForm(ActeForm):
    """What the members adopted, one by one: the rest is kept, and said not adopted."""

    adoptees: Any = forms.ModelMultipleChoiceField(
        label="Recommandations adoptées",
        help_text="Celles qui ne sont pas cochées sont publiées comme non adoptées.",
        queryset=Recommandation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une recommandation."},
    )

    def preparer(self) -> None:
        self.choisir("adoptees", self.objet.recommandations.order_by("ordre"))
        self.initial["adoptees"] = list(self.objet.recommandations.values_list("pk", flat=True))


@transaction.atomic
def adopter_recommandations(panel: Panel, *, par: Compte, adoptees: Any) -> None:
    """Record the vote of the members, taken in séance. No text changes any more. Raises ValidationError for none."""
    pas = exiger(panel, "adopter_recommandations", par=par)
    siennes = set(panel.recommandations.values_list("pk", flat=True))
    retenues = {recommandation.pk for recommandation in adoptees} & siennes
    if not retenues:
        raise ValidationError({"adoptees": "Cochez au moins une recommandation."})
    maintenant = timezone.now()
    panel.recommandations.filter(pk__in=retenues).update(est_adoptee=True, votee_le=maintenant)
    panel.recommandations.exclude(pk__in=retenues).update(est_adoptee=False, votee_le=maintenant)
    pas.avancer(
        fait=f"{accorder(len(retenues), 'recommandation adoptée', 'recommandations adoptées')} par le panel",
        details={"adoptees": len(retenues), "non_adoptees": len(siennes) - len(retenues)},
    )
    tenir_contacts(panel)
    dire_les_recommandations(panel, adoptees=len(retenues))


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"{accorder(panel.recommandations.filter(est_adoptee=True, suite=None).count(), 'recommandation devient une suite', 'recommandations deviennent des suites')} : "
            "chaque direction reçoit un lien pour répondre, et la réponse est publique."
        ),
        retour="#suites",
    )
)  # fmt: skip
@transaction.atomic
def transmettre_recommandations(panel: Panel, *, par: Compte) -> list[Suite]:
    """Each adopted recommendation is owed a suite by its direction."""
    pas = exiger(panel, "transmettre_recommandations", par=par)
    demandees = []
    for recommandation in panel.recommandations.filter(est_adoptee=True, suite=None).select_related(
        "direction"
    ):
        assert recommandation.direction is not None  # noqa: S101 what `avant_de_transmettre` has just said
        suite = suites.ajouter_suite(
            panel, par=par, intitule=recommandation.titre, direction=recommandation.direction
        )
        recommandation.suite = suite
        recommandation.save(update_fields=["suite"])
        demandees.append(suite)
    pas.avancer(fait=f"{accorder(len(demandees), 'recommandation transmise', 'recommandations transmises')}")
    return demandees


@acte(
    Page[Panel](
        form=AjouterSuiteForm, consequence="La direction reçoit un lien pour répondre.", retour="#suites"
    )
)
def ajouter_suite(panel: Panel, *, par: Compte, **champs: Any) -> Suite:
    return suites.ajouter_suite(panel, par=par, **champs)


def constater_reponse(sender: Any, *, suite: Suite, **autres: Any) -> None:
    """Receiver of `suite_changee`: after the last answer, the panel is answered."""
    panel: Any = Panel.objects.filter(pk=suite.dossier_id, etat=EtatPanel.RECOMMANDE).first()
    if panel is None or not suite.est_repondue:
        return
    with transaction.atomic():
        verrouiller(panel)  # two last answers at the same time: the second transaction sees the first
        adoptees = panel.recommandations.filter(est_adoptee=True)
        if panel.etat == EtatPanel.RECOMMANDE and not adoptees.filter(suite__repondue_le=None).exists():
            avancer(panel, "constater_reponse", par=None)
