"""TCP proxy that can be frozen with SIGSTOP: the server behind neither answers nor refuses.

Usage: `python -m tests.mandataire PORT HOST:PORT`.
"""

import asyncio
import sys
from contextlib import suppress


async def _verser(lecteur: asyncio.StreamReader, ecrivain: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while octets := await lecteur.read(65536):
            ecrivain.write(octets)
            await ecrivain.drain()
    ecrivain.close()


async def servir(port: int, hote: str, vers: int) -> None:
    async def passer(lecteur: asyncio.StreamReader, ecrivain: asyncio.StreamWriter) -> None:
        la_bas = await asyncio.open_connection(hote, vers)
        await asyncio.gather(_verser(lecteur, la_bas[1]), _verser(la_bas[0], ecrivain))

    serveur = await asyncio.start_server(passer, "127.0.0.1", port)
    await serveur.serve_forever()


if __name__ == "__main__":
    hote, _, vers = sys.argv[2].rpartition(":")
    asyncio.run(servir(int(sys.argv[1]), hote, int(vers)))
