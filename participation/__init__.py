import gc

# What is imported stays: the collector, left as it is, costs each process a fifth of its start looking at it again and again.
# `SocleConfig.ready` has it work again, on what comes after.
gc.set_threshold(500_000, 20, 20)

from participation.celery import app as celery_app  # noqa: E402
