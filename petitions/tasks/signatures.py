"""What the clock does for signatures. Every task may run twice, late, or beside itself."""

from celery import shared_task

from petitions.actions import decompte, fraude, lettres, pseudonymisation, seuils, signatures


@shared_task(name="petitions.ecrire_aux_signataires")
def ecrire_aux_signataires() -> None:
    lettres.ecrire_aux_signataires()


@shared_task(name="petitions.compter")
def compter() -> None:
    decompte.compter()
    seuils.constater_seuils()


@shared_task(name="petitions.recompter")
def recompter() -> None:
    decompte.recompter()
    seuils.constater_seuils()


@shared_task(name="petitions.clore_collectes")
def clore_collectes() -> None:
    seuils.clore_collectes()


@shared_task(name="petitions.relancer_signatures")
def relancer_signatures() -> None:
    signatures.relancer_signatures()


@shared_task(name="petitions.purger_signatures")
def purger_signatures() -> None:
    signatures.purger_signatures()


@shared_task(name="petitions.signaler_rafales")
def signaler_rafales() -> None:
    fraude.signaler_rafales()


@shared_task(name=fraude.TACHE_INVALIDER)
def poursuivre_invalidation(numero: int) -> None:
    fraude.poursuivre_invalidation(numero)


@shared_task(name=pseudonymisation.TACHE)
def poursuivre_pseudonymisation(numero: int) -> None:
    pseudonymisation.poursuivre_pseudonymisation(numero)


@shared_task(name="petitions.reprendre_travaux")
def reprendre_travaux() -> None:
    fraude.reprendre_invalidations()
    pseudonymisation.reprendre_pseudonymisations()
