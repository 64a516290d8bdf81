"""Attacks on the questions asked after an act, replayed over HTTP. Each must fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.urls import reverse

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from participation.inclusion.models import ReponseDeProfil
from participation.inclusion.profils.actes import jeton
from participation.inclusion.workflow import VALEURS, Critere

AILLEURS = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "\t//evil.example/",
)
SANS_CONSENTEMENT = [critere for critere in VALEURS if critere != Critere.AMENAGEMENT]


def cent_reponses_ensemble(ouvrir: Ouvrir, combien: int = 120) -> Bilan:
    """One participation answers many times at once, each time something else. It counts once, and nothing breaks."""
    ReponseDeProfil.objects.all().delete()
    sien, adresse = jeton("petition", 1, "signature:1"), reverse("inclusion:repondre")

    def une(n: int) -> int:
        choix = {critere: list(VALEURS[critere].values) for critere in SANS_CONSENTEMENT}
        dit = {
            str(critere): valeurs[n % len(valeurs)]
            for critere, valeurs in choix.items()
            if (n + len(critere)) % 3
        }
        return ouvrir(f"203.0.{n}.41", None).post(adresse, {**dit, "jeton": sien, "retour": "/"})[0]

    with ThreadPoolExecutor(12) as fils:
        statuts = list(fils.map(une, range(combien)))
    gardees, pannes = ReponseDeProfil.objects.count(), sum(statut != 200 for statut in statuts)
    vu = f"{gardees} lignes pour {len(SANS_CONSENTEMENT)} questions et le fait d’avoir répondu ; {pannes} pannes"
    return gardees <= len(SANS_CONSENTEMENT) + 1 and not pannes, vu


def jeton_de_travers(ouvrir: Ouvrir) -> Bilan:
    """A token changed by a letter, of another use, or of 40 KB: nothing is kept, and the page says why."""
    ReponseDeProfil.objects.all().delete()
    bon = jeton("petition", 1, "signature:1")
    faux = [
        "",
        "x",
        bon[:-1] + ("a" if bon[-1] != "a" else "b"),
        bon.replace(":", "."),
        "é" * 20_000,
        f"{bon}\0",
    ]
    statuts = [
        ouvrir("203.0.113.42", None).post(
            reverse("inclusion:repondre"), {"jeton": essai, "genre": "femme", "retour": "/"}
        )[0]
        for essai in faux
    ]
    gardees = ReponseDeProfil.objects.count()
    return set(statuts) == {
        409
    } and not gardees, f"{len(faux)} jetons, réponses {sorted(set(statuts))}, {gardees} gardées"


def retour_ailleurs(ouvrir: Ouvrir) -> Bilan:
    """« Revenir à ma page » leads to this site only."""
    sien, ailleurs = jeton("petition", 1, "signature:1"), []
    for retour in AILLEURS:
        _, ou, page = ouvrir("203.0.113.43", None).post(
            reverse("inclusion:repondre"), {"jeton": sien, "retour": retour}
        )
        ailleurs += [retour] if "evil" in ou + page or "javascript:alert" in page else []
    return not ailleurs, f"{len(AILLEURS)} adresses, {', '.join(ailleurs) or 'aucune suivie'}"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "120 réponses au profil ensemble, pour une participation": cent_reponses_ensemble,
    "répondre au profil avec le jeton d’un autre acte": jeton_de_travers,
    "« revenir à ma page » mène ailleurs": retour_ailleurs,
}
