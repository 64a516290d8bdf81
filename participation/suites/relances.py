"""What is asked again of the direction: another date, another direction, a reminder."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_parmi
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Direction
from participation.socle.views.pages import Page, acte
from participation.suites import lettres
from participation.suites.actes import Nature, champ_long, date_donnee, dire, fixer
from participation.suites.models import ChangementSuite, Suite


class DeplacerDateForm(ActeForm):
    date_limite = champ_jour("Nouvelle date")
    motif = champ_long("Pourquoi (public)", lignes=3)


@acte(
    Page[Suite](
        form=DeplacerDateForm,
        consequence="La nouvelle date et sa raison sont publiques, envoyées à la direction et aux personnes qui suivent le dossier. "
        "La part « à temps » reste comptée sur la première date.",
    )
)
@transaction.atomic
def deplacer_date(suite: Suite, *, par: Compte, date_limite: date, motif: str) -> None:
    """Change the expected day, with a public reason. « In time » is still measured against `date_initiale`."""
    pas = exiger(suite, "deplacer_date", par=par)
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    if date_limite == suite.date_limite:
        raise ValidationError({"date_limite": "C’est déjà la date attendue."})
    avant = suite.date_limite
    verbe = "reportée" if date_limite > avant else "avancée"
    precision = f"Date {verbe} du {jour_texte(avant)} au {jour_texte(date_limite)}"
    pas.avancer(
        fait=f"{precision} : {suite.intitule}",
        motif=motif,
        details={"suite": suite.pk, "avant": avant.isoformat(), "apres": date_limite.isoformat()},
        est_publique=suite.est_publiee,
        champs=date_donnee(suite, date_limite),
    )
    fixer(suite)
    changement = ChangementSuite.retenir(suite, Nature.DATE, par=par, precision=precision, motif=motif)
    lettres.ecrire_a_propos("deplacer_date", suite, suite.direction.adresses(), changement=changement)
    dire(suite, changement)


class ChangerDirectionForm(ActeForm):
    direction = champ_parmi("Direction chargée", Direction.objects.filter(est_active=True))
    motif = champ_long("Pourquoi", "Public, et envoyé aux deux directions.", lignes=3)

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.direction}


@acte(
    Page[Suite](
        form=ChangerDirectionForm,
        consequence=lambda s: (
            f"Aujourd’hui : {s.direction}. Les deux directions reçoivent une lettre ; le lien de la première ne permet plus "
            "de répondre."
        ),
    )
)
@transaction.atomic
def changer_direction(suite: Suite, *, par: Compte, direction: Direction, motif: str) -> None:
    """Give the suite to another direction. Both directions are told; the link of the former one no longer answers."""
    pas = exiger(suite, "changer_direction", par=par)
    if direction.pk == suite.direction_id:
        raise ValidationError({"direction": "Cette direction en est déjà chargée."})
    ancienne = suite.direction
    precision = f"Confiée à {direction} (avant : {ancienne})"[:200]
    pas.avancer(
        fait=f"Suite confiée à {direction} : {suite.intitule}",
        motif=motif,
        details={"suite": suite.pk, "avant": str(ancienne), "apres": str(direction)},
        est_publique=suite.est_publiee,
        champs={"direction": direction},
    )
    fixer(suite)
    ChangementSuite.retenir(suite, Nature.DIRECTION, par=par, precision=precision, motif=motif)
    lettres.changer_direction(suite, ancienne=ancienne, motif=motif)


@acte(
    Page[Suite](
        consequence=lambda s: (
            f"{s.direction} reçoit une lettre avec le lien pour répondre. Une par jour au plus."
        )
    )
)
@transaction.atomic
def relancer(
    suite: Suite,
    *,
    par: Compte,
    mot: Annotated[
        str,
        champ_long("Un mot de votre part", "Ajouté à la lettre, avant le rappel.", lignes=3, requis=False),
    ] = "",
) -> None:
    """Remind the direction, with its link and a message from the agent. Raises ErreurMetier on a second call the same day."""
    pas = exiger(suite, "relancer", par=par)
    if not lettres.relancer(suite, mot=mot):
        raise ErreurMetier("Une relance est déjà partie aujourd’hui pour cette suite.")
    pas.avancer(
        fait=f"{suite.direction} a été relancée : {suite.intitule}", motif=mot, details={"suite": suite.pk}
    )
