"""The complete rule of a vote in French, for the public page."""

from participation.budgets.depouillement.donnees import Augmentation, Regle, Utilite, Variante
from participation.socle.francais import accorder, nombre

EUR = "\u00a0€"


def bulletin_en_mots(points: int, nombre_max: int) -> list[str]:
    if points:
        phrases = [
            f"Chaque personne donne {accorder(points, 'point')} au plus, à {accorder(nombre_max, 'projet')} au plus. "
            "Un projet peut en recevoir plusieurs."
        ]
    else:
        phrases = [f"Chaque personne choisit {accorder(nombre_max, 'projet')} au plus, sans les classer."]
    return [
        *phrases,
        "Le vote blanc est possible : il est compté à part et ne change pas le partage du budget.",
    ]


def regle_en_mots(variante: Variante) -> list[str]:
    """Return the paragraphs, in the order of the count."""
    phrases = [_minimum(variante)]
    if variante.regle == Regle.GLOUTON:
        phrases.append(
            "Les projets sont pris du plus soutenu au moins soutenu. Un projet dont le coût dépasse ce qui reste du budget "
            "est passé, et le suivant est examiné."
        )
    else:
        phrases += _parts_egales(variante)
    if variante.incompatibles:
        phrases.append(
            "Deux projets déclarés incompatibles ne sont jamais retenus ensemble : dès que l’un est pris, l’autre est écarté."
        )
    phrases.append(
        "À égalité parfaite, un tirage au sort fixé d’avance départage : pour chaque projet, on calcule l’empreinte SHA-256 "
        f"de « {variante.graine}:numéro du projet » ; la plus petite l’emporte. Cette graine est publiée avant le vote."
    )
    return phrases


def _minimum(variante: Variante) -> str:
    if variante.minimum <= 1:
        return "Un projet que personne n’a soutenu n’est pas retenu."
    return (
        f"Un projet doit être soutenu par {accorder(variante.minimum, 'bulletin')} au moins. Les autres sont retirés avant le "
        "calcul ; les bulletins qui les portaient restent comptés."
    )


def _parts_egales(variante: Variante) -> list[str]:
    gain = {
        Utilite.NOMBRE: "le prix demandé pour un point (ou pour un projet choisi) est le plus bas",
        Utilite.COUT: "la part de son coût demandée pour un point (ou à chaque personne qui l’a choisi) est la plus basse",
    }[variante.utilite]
    phrases = [
        f"Méthode des parts égales. Le budget de {nombre(variante.budget)}{EUR} est divisé en parts égales, une pour chaque "
        "bulletin non blanc.",
        "Un projet est payé par les parts des personnes qui l’ont choisi, chacune autant que les autres pour un point, ou "
        f"tout ce qu’il lui reste. À chaque étape, le projet pris est celui dont {gain}. On s’arrête quand plus aucun projet "
        "ne peut être payé ainsi.",
    ]
    if variante.augmentation != Augmentation.AUCUNE:
        arret = (
            "on s’arrête dès qu’aucun autre projet ne tient dans ce qui reste du vrai budget, ou juste avant de le dépasser"
            if variante.augmentation == Augmentation.ADD1_EXHAUSTIF
            else "on s’arrête juste avant de dépasser le vrai budget, même si plus rien n’y tient avant"
        )
        phrases.append(
            f"Puis chaque part est augmentée d’un euro et tout est recalculé (« Add1 ») ; {arret}."
        )
    phrases.append(
        "Ce qui reste du budget complète la liste : du projet le plus soutenu au moins soutenu, chacun est pris s’il tient "
        "dans le reste."
        if variante.completion
        else "Ce qui reste du budget n’est pas dépensé."
    )
    return phrases
