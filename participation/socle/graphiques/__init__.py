"""Data of the graphics of the interface: gauges, timeline, tile map, bars and columns.

A view builds one of these objects, and a tag of ``composants`` draws it. No database, no HTTP.
"""

from participation.socle.graphiques.barres import Graphique, Serie, Texte
from participation.socle.graphiques.carte import Carte, Ligne, Tuile
from participation.socle.graphiques.jauges import EtapeFrise, Jauge, Repere, Statut, Ton
from participation.socle.graphiques.traits import pourcent
