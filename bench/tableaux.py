"""Print aligned tables as plain text."""

from collections.abc import Sequence


def tableau(titre: str, entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
    largeurs = [max(len(ligne[i]) for ligne in [entetes, *lignes]) for i in range(len(entetes))]
    print(f"\n{titre}\n")
    for ligne in [entetes, ["-" * largeur for largeur in largeurs], *lignes]:
        cases = [
            case.ljust(largeur) if i == 0 else case.rjust(largeur)
            for i, (case, largeur) in enumerate(zip(ligne, largeurs, strict=True))
        ]
        print("  ".join(cases).rstrip(), flush=True)


def milliers(nombre: int) -> str:
    return f"{nombre:,}".replace(",", " ")


def virgule(nombre: float, chiffres: int = 0) -> str:
    return f"{nombre:.{chiffres}f}".replace(".", ",")
