"""Run the tests at other dates and times: `python -m ops.horloge [moment…] -- arguments of pytest`.

libfaketime shifts the clock of Python and of its children, PostgreSQL and Valkey included. The offset is
computed once for each run, so that all the processes agree. Several moments run in parallel, each in one
process. Chromium keeps the time of the machine, and its pages have the time of the site
(tests/greffons/navigateur.py): `make test-horloge ARGS="-k chromium tests/…"`.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# Paris time. Fixed dates, so that a failure can be reproduced later.
MOMENTS = {
    "soir": "2026-12-10T23:30",  # same day in UTC and in Paris
    # Still the day before in UTC, in the month before; one hour earlier was yesterday. Also the first of a
    # month, written « 1<sup>er</sup> ».
    "nuit": "2027-07-01T00:10",
    "veille-de-l-ete": "2027-03-27T23:30",
    "nuit-de-l-ete": "2027-03-28T01:59",  # the hour from 02:00 to 03:00 does not exist
    "veille-de-l-hiver": "2027-10-30T23:30",
    "nuit-de-l-hiver": "2027-10-31T02:30",  # this hour comes twice
    "bissextile": "2028-02-29T12:00",
    "reveillon": "2027-12-31T23:30",
    "jour-de-l-an": "2028-01-01T00:10",  # still the year before in UTC; a Saturday and a public holiday
    # Dates written by hand in the tests are past. At this time, the UTC date is the same in winter and the
    # day before in summer, so that half a year has one day less.
    "fin-de-contrat": "2032-02-29T12:00",  # after the end of the contract of the pack, on a day that few years have
    "trois-ans": "2029-11-28T01:30",
}


N = os.environ.get("N", "4")  # processes, as for `make test`; 0: no parallelism


def bibliotheque() -> str:
    trouvees = sorted(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"))
    if not trouvees:
        sys.exit("libfaketime manque : apt-get install -y libfaketime")
    return str(trouvees[0])


def essayer(nom: str, arguments: list[str], sortie: int | None = None) -> subprocess.CompletedProcess[str]:
    instant = datetime.fromisoformat(MOMENTS[nom]).replace(tzinfo=PARIS)
    ecart = int(instant.timestamp() - time.time())
    env = {
        **os.environ,
        "LD_PRELOAD": bibliotheque(),
        "FAKETIME": f"{ecart:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # waits and timeouts keep their real duration
        "NO_FAKE_STAT": "1",  # otherwise every .pyc would be compiled again
    }
    commande = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        commande, env=env, check=False, stdout=sortie, stderr=sortie and subprocess.STDOUT, text=True
    )


def titre(nom: str) -> str:
    return f"\n=== {nom} : {datetime.fromisoformat(MOMENTS[nom]):%d/%m/%Y %H:%M}"


def main() -> None:
    coupe = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    noms, arguments = sys.argv[1:coupe] or list(MOMENTS), sys.argv[coupe + 1 :]
    if inconnus := set(noms) - set(MOMENTS):
        sys.exit(f"Moment inconnu : {', '.join(sorted(inconnus))}. Au choix : {', '.join(MOMENTS)}.")
    echecs = []
    if len(noms) == 1:
        print(titre(noms[0]), flush=True)
        echecs = [
            nom for nom in noms if essayer(nom, ["-n", N, "--dist", "worksteal", *arguments]).returncode
        ]
    else:
        with ThreadPoolExecutor(max(1, int(N))) as fils:
            essais = {fils.submit(essayer, nom, arguments, subprocess.PIPE): nom for nom in noms}
            for essai in as_completed(essais):
                print(titre(essais[essai]), essai.result().stdout, sep="\n", flush=True)
                if essai.result().returncode:
                    echecs.append(essais[essai])
    if echecs:
        sys.exit(f"L'horloge fait échouer des essais : {', '.join(echecs)}.")


if __name__ == "__main__":
    main()
