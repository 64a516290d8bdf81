"""Copy into static/vendor the files that the site serves from the npm packages pinned by package-lock.json.

Bootstrap is built there from its Sass, with the parts that ops/bootstrap.scss names. `make vendor`, after a change of
version or of parts: what it writes is committed, so that neither `make run` nor `make test` needs Node.
"""

import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

from fontTools.ttLib import TTFont

RACINE = Path(__file__).resolve().parent.parent
NPM = RACINE / "node_modules"
CIBLE = RACINE / "static" / "vendor"
POLICE = "@fontsource/atkinson-hyperlegible-next"
STYLES = ("400-normal", "400-italic", "600-normal", "700-normal")
FICHIERS = {
    "bootstrap": ["LICENSE"],
    "htmx.org": ["dist/htmx.min.js", "LICENSE"],
    "leaflet": [
        "dist/leaflet.css",
        "dist/leaflet.js",
        "LICENSE",
        *(f"dist/images/{nom}.png" for nom in ("layers", "layers-2x", "marker-icon")),
    ],
    "squire-rte": ["dist/squire.js", "LICENSE"],
    POLICE: [
        "LICENSE",
        *(
            f"files/atkinson-hyperlegible-next-{jeu}-{style}.woff2"
            for jeu in ("latin", "latin-ext")
            for style in STYLES
        ),
    ],
}


def sans_majuscule_a(police: bytes) -> bytes:
    """Remove « A » from a « latin-ext » font, which has A and combining accents but not À.

    Pango would take the A from this font and lose the accented letter.
    """
    fonte = TTFont(io.BytesIO(police))
    for table in fonte["cmap"].tables:
        table.cmap.pop(ord("A"), None)
    ecrite = io.BytesIO()
    fonte.save(ecrite)
    return ecrite.getvalue()


def batir_bootstrap(cible: Path) -> None:
    """Compile Sass. Bootstrap 5.3 is written for an older one, which warns of it."""
    options = ("--no-source-map", "--no-charset", "--style=compressed", "--quiet", f"--load-path={NPM}")
    subprocess.run([NPM / ".bin" / "sass", *options, RACINE / "ops" / "bootstrap.scss", cible], check=True)


def retourner(cible: Path) -> Path:
    """Write beside a style sheet the one for languages read from right to left, as Bootstrap makes its own."""
    retournee = cible.with_name(cible.name.replace(".min.css", ".rtl.min.css"))
    subprocess.run([NPM / ".bin" / "rtlcss", "--silent", cible, retournee], check=True)
    return retournee


def _version(paquet: str) -> str:
    return str(json.loads((NPM / paquet / "package.json").read_text())["version"])


def main() -> None:
    shutil.rmtree(CIBLE, ignore_errors=True)
    bootstrap = CIBLE / "bootstrap" / "bootstrap.min.css"
    batir_bootstrap(bootstrap)
    avec = f"bootstrap@{_version('bootstrap')} sass@{_version('sass')}"
    lignes = [
        f"{hashlib.sha256(fait.read_bytes()).hexdigest()}  {fait.relative_to(CIBLE)}  {outils}"
        for fait, outils in ((bootstrap, avec), (retourner(bootstrap), f"{avec} rtlcss@{_version('rtlcss')}"))
    ]
    for paquet, fichiers in FICHIERS.items():
        version = _version(paquet)
        dossier = paquet.rsplit("/", 1)[-1].removesuffix(".org")
        for fichier in fichiers:
            cible = CIBLE / dossier / re.sub(r"^(dist/(css|js)/|dist/)", "", fichier)
            cible.parent.mkdir(parents=True, exist_ok=True)
            octets = (NPM / paquet / fichier).read_bytes()
            if cible.suffix in {".css", ".js"}:
                # ManifestStaticFilesStorage follows these links and fails if the .map file is absent.
                octets = re.sub(rb"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", b"\n", octets)
            if "latin-ext" in cible.name:
                octets = sans_majuscule_a(octets)
            cible.write_bytes(octets)
            empreinte = hashlib.sha256(octets).hexdigest()
            lignes.append(f"{empreinte}  {cible.relative_to(CIBLE)}  {paquet}@{version}")
    (CIBLE / "VENDOR.txt").write_text("\n".join(sorted(lignes)) + "\n")


if __name__ == "__main__":
    main()
