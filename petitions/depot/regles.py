"""What the collectivité may act on, and other authorities: help for the authors of a pétition."""

from participation.socle.collectivite import ici_plus_tard

Competence = tuple[str, str]  # name, examples

DECHETS = ("Déchets", "Collecte, déchèteries, compost, réemploi.")
EAU = ("Eau", "Eau potable, assainissement, eaux de pluie.")
RIVIERES = ("Rivières", "Entretien, zones humides, risques d’inondation.")
VOIRIE = ("Voirie et espaces publics", "Rues, trottoirs, places, pistes cyclables, stationnement.")
MOBILITES = ("Mobilités", "Bus, tram, vélos, autopartage.")
HABITAT = ("Habitat", "Logement social, rénovation, accueil des gens du voyage.")
VOYAGE = ("Gens du voyage", "Aires d’accueil.")
URBANISME = ("Urbanisme", "Plan local d’urbanisme intercommunal, grands projets.")
AMENAGEMENT = ("Aménagement", "Schéma de cohérence territoriale, zones d’aménagement.")
ENERGIE = ("Énergie, air, climat", "Réseau de chaleur, qualité de l’air, bruit.")
ECONOMIE = ("Économie et emploi", "Zones d’activité, tourisme.")
EQUIPEMENTS = ("Culture et sport", ici_plus_tard("Les équipements d’intérêt {metropolitain}."))
QUARTIERS = ("Politique de la ville", "Les quartiers prioritaires.")
CIMETIERES = ("Cimetières et crématorium", ici_plus_tard("Ceux d’intérêt {metropolitain}."))

# What the law gives to each kind, without what a statute or a delegation adds: the règlement says these (`competences`).
LEGALES: dict[str, tuple[Competence, ...]] = {
    # CGCT, L5217-2
    "metropole": (
        DECHETS, EAU, RIVIERES, VOIRIE, MOBILITES, HABITAT, URBANISME, ENERGIE, ECONOMIE, EQUIPEMENTS, QUARTIERS, CIMETIERES,
    ),
    # CGCT, L5215-20
    "urbaine": (
        DECHETS, EAU, RIVIERES, VOIRIE, MOBILITES, HABITAT, URBANISME, ENERGIE, ECONOMIE, EQUIPEMENTS, QUARTIERS, CIMETIERES,
    ),
    # CGCT, L5216-5, I
    "agglomeration": (DECHETS, EAU, RIVIERES, MOBILITES, HABITAT, AMENAGEMENT, ECONOMIE, QUARTIERS),
    # CGCT, L5214-16, I
    "communes": (DECHETS, RIVIERES, VOYAGE, AMENAGEMENT, ECONOMIE),
}  # fmt: skip

AUTRES: tuple[Competence, ...] = (
    (
        "Votre commune",
        "Écoles maternelles et élémentaires, crèches, police municipale, parcs de quartier, état civil.",
    ),
    ("Le Département", "Collèges, aide sociale, personnes âgées ou handicapées."),
    ("La Région", "Lycées, trains régionaux, cars entre les villes."),
    ("L’État", "Police nationale, justice, hôpitaux, impôts, immigration."),
)


def lire_competences(texte: str) -> list[Competence]:
    """Read one a line, « Eau : eau potable, rivières ». What has no colon has no example."""
    lignes = (ligne.strip() for ligne in texte.splitlines())
    return [
        (nom.strip(), exemples.strip()) for nom, _, exemples in (li.partition(":") for li in lignes if li)
    ]


def competences(nature: str, ecrites: str) -> list[Competence]:
    """Return those of the règlement; those of the law for this kind of intercommunalité while it writes none."""
    return lire_competences(ecrites) or list(LEGALES.get(nature, LEGALES["metropole"]))
