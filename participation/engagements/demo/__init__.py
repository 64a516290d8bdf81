"""What was promised, what the Agora proposed and was answered, its temps forts."""

from participation.engagements.demo.agora import Agora
from participation.engagements.demo.pacte import Pacte
from participation.engagements.demo.temps_forts import TempsForts

SUIT = ("rencontres",)


def jouer() -> None:
    Pacte().jouer()
    Agora().jouer()
    TempsForts().jouer()
