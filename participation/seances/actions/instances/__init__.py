"""Acts on instances, règlements, mandatures, collèges, members and profiles."""

from participation.seances.actions.instances.fins_de_mandat import annoncer_fins_de_mandat, etape_atteinte
from participation.seances.actions.instances.mandatures import (
    creer_college,
    creer_instance,
    ecrire_reglement,
    installer,
    modifier_college,
    modifier_instance,
    modifier_mandature,
    ouvrir_mandature,
)
from participation.seances.actions.instances.membres import (
    compte_du_membre,
    mettre_fin,
    modifier_membre,
    nommer,
    remplacer,
    terme_par_defaut,
)
from participation.seances.actions.instances.profils import modifier_profil, renouveler_agenda
