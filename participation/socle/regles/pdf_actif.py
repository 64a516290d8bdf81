"""Whether a PDF acts in the program of its reader, looked at in a separate process (`a_part`).

A few kilobytes may unfold into gigabytes of objects: the two arguments are the bytes of memory and the seconds of
CPU that it may take. Imports nothing of the project.
"""

import io
import re
import resource
import sys
from typing import Any

OBJETS_MAX = 200_000
ABIME, TROP_LOURD, PROTEGE, AGIT = 2, 3, 4, 5  # exit codes of the process; 0: it does nothing
# Actions of a PDF that run something in the reader's program. qpdf writes every name in one form, however it
# was disguised. Two things are accepted, because they run nothing and are usual: SubmitForm (the « Envoyer »
# button of a CERFA, which the reader must press and allow) and embedded files (invoices, our own PDF/A-3),
# which are opened by hand only.
ACTIF = re.compile(rb"/JS |/S /(?:JavaScript|Launch)\b|/XFA ")


def examiner(octets: bytes) -> int:
    """Return one of the codes above."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            if len(pdf.objects) > OBJETS_MAX:
                return TROP_LOURD
            return AGIT if any(map(_agit, pdf.objects)) else 0
    except pikepdf.PasswordError:
        return PROTEGE
    except MemoryError:
        return TROP_LOURD
    except Exception:  # malicious bytes: the library may raise anything
        return ABIME


def _agit(objet: Any) -> bool:
    import pikepdf

    dictionnaire = objet.stream_dict if isinstance(objet, pikepdf.Stream) else objet
    return ACTIF.search(dictionnaire.unparse(resolved=True)) is not None


if __name__ == "__main__":
    lus = sys.stdin.buffer.read()
    memoire, secondes = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memoire, memoire))
    resource.setrlimit(resource.RLIMIT_CPU, (secondes, secondes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(examiner(lus))
