"""The run-of-show with its hours, as the three views and the printed sheet show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from participation.rencontres.deroule import regles
from participation.rencontres.models import Bloc, Rencontre
from participation.socle.francais import accorder


@dataclass(frozen=True, slots=True)
class Ligne:
    bloc: Bloc
    debut: datetime
    fin: datetime
    est_en_cours: bool

    @property
    def a_change(self) -> bool:
        return self.bloc.jouees is not None and self.bloc.jouees != self.bloc.minutes


@dataclass(frozen=True, slots=True)
class Deroule:
    lignes: Sequence[Ligne]
    fin: datetime
    # Minutes beyond the hour announced, negative when it ends before.
    ecart: int

    @property
    def publiques(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.bloc.est_public and not ligne.bloc.est_coupe]

    @property
    def en_cours(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.est_en_cours]

    @property
    def ecart_en_mots(self) -> str:
        """« , 7 minutes après l’heure annoncée »; "" when it ends on time."""
        if not self.ecart:
            return ""
        sens = "après" if self.ecart > 0 else "avant"
        return f", {accorder(abs(self.ecart), 'minute')} {sens} l’heure annoncée"

    def suivante(self, maintenant: datetime) -> Ligne | None:
        return next((li for li in self.lignes if li.debut > maintenant and not li.bloc.est_coupe), None)


def etapes(blocs: Sequence[Bloc]) -> list[regles.Etape]:
    return [regles.Etape(b.pk, b.effectives, b.piste, b.au_moins or 0, b.peut_sauter) for b in blocs]


def blocs_de(rencontre: Rencontre) -> list[Bloc]:
    return list(rencontre.blocs.order_by("rang", "pk"))


def durees(rencontre: Rencontre) -> str:
    """Return what a delay changes, to know whether it changed."""
    return " ".join(
        f"{pk}:{jouees}" for pk, jouees in rencontre.blocs.order_by("pk").values_list("pk", "jouees")
    )


def deroule(rencontre: Rencontre, maintenant: datetime | None = None) -> Deroule:
    """Return the steps with their hours: minutes counted on instants, so a night when the clock changes is right."""
    maintenant = maintenant or timezone.now()
    blocs = blocs_de(rencontre)
    siennes = etapes(blocs)
    dits = regles.debuts(siennes)
    lignes = []
    for bloc in blocs:
        debut = rencontre.debut + timedelta(minutes=dits[bloc.pk])
        fin = debut + timedelta(minutes=bloc.effectives)
        lignes.append(Ligne(bloc, debut, fin, debut <= maintenant < fin))
    fin = rencontre.debut + timedelta(minutes=regles.duree(siennes))
    return Deroule(lignes, fin, round((fin - rencontre.fin).total_seconds() / 60) if blocs else 0)
