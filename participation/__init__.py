import gc

# Imported modules stay in memory: with its default thresholds, the garbage collector would spend a fifth of
# the start of each process on them. `SocleConfig.ready` sets lower thresholds afterwards.
gc.set_threshold(500_000, 20, 20)

from participation.celery import app as celery_app  # noqa: E402
