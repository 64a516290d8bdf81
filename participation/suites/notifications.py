"""What is told of a suite: to the direction that owes it. Those whose voice it answers are told by their app (`signals`)."""

from participation.socle.courrier import ecrire
from participation.suites.models import Suite


def promettre(suite: Suite) -> None:
    """Tell the direction what was promised in its name, and by when."""
    ecrire(
        "suites/promettre",
        a=suite.direction.adresses(),
        dossier=suite.dossier,
        cle=f"suite:{suite.pk}",
        contexte={"suite": suite, "dossier": suite.dossier, "lien": suite.dossier.enfant.get_absolute_url()},
    )
