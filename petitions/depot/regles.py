"""Powers of the Métropole, and of other authorities: help for the authors of a pétition (L5217-2 CGCT)."""

from participation.socle.collectivite import ici_plus_tard

METROPOLE: tuple[tuple[str, str], ...] = (
    ("Déchets", "Collecte, déchèteries, compost, réemploi."),
    ("Eau", "Eau potable, assainissement, rivières et risques d’inondation."),
    ("Voirie et espaces publics", "Rues, trottoirs, places, pistes cyclables, stationnement."),
    ("Mobilités", "Avec le SMMAG : bus, tram, vélos, autopartage."),
    ("Habitat", "Logement social, rénovation, accueil des gens du voyage."),
    ("Urbanisme", "Plan local d’urbanisme intercommunal, grands projets."),
    ("Énergie, air, climat", "Réseau de chaleur, zone à faibles émissions, bruit."),
    ("Économie et emploi", "Zones d’activité, insertion, tourisme."),
    ("Culture et sport", ici_plus_tard("Les équipements d’intérêt {metropolitain}.")),
    ("Politique de la ville", "Les quartiers prioritaires."),
    ("Cimetières et crématorium", ici_plus_tard("Ceux d’intérêt {metropolitain}.")),
)


AUTRES: tuple[tuple[str, str], ...] = (
    (
        "Votre commune",
        "Écoles maternelles et élémentaires, crèches, police municipale, parcs de quartier, état civil.",
    ),
    ("Le Département", "Collèges, aide sociale, personnes âgées ou handicapées."),
    ("La Région", "Lycées, trains régionaux, cars entre les villes."),
    ("L’État", "Police nationale, justice, hôpitaux, impôts, immigration."),
)
