"""Plain data for the drawings of the interface: gauges, timeline, tile map, bars and columns.

A view builds one of these, a tag of ``composants`` draws it. Nothing here touches the database or HTTP.
"""

from participation.socle.graphiques.barres import Graphique, Serie, Texte
from participation.socle.graphiques.carte import Carte, Ligne, Tuile
from participation.socle.graphiques.jauges import EtapeFrise, Jauge, Repere, Statut, Ton
from participation.socle.graphiques.traits import pourcent
