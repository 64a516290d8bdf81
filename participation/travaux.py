"""Settings of what is done outside of requests: broker, queues, time limits, watchman (Celery)."""

import environ

env = environ.Env()

BROKER_URL = env("BROKER_URL", default="")
# Maximum duration of a statement, in seconds; 0: no limit (commands, workers). Set by wsgi.py for the web.
BASE_ATTENTE = env.float("BASE_ATTENTE", default=0)
CELERY_BROKER_URL = BROKER_URL or "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = True
# A worker takes a task only when a process is free, counted by itself: counted by unanswered acknowledgements
# (the default), each one that a frozen broker loses would take a place for ever.
CELERY_WORKER_DISABLE_PREFETCH, CELERY_WORKER_PREFETCH_MULTIPLIER = True, 0
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # they are finished; each may run twice
# Sign-in codes have their own queue and their own worker (-Q): nothing else can make them wait.
FILE_ORDINAIRE, FILE_CODES = "celery", "codes"
CELERY_TASK_QUEUES = {nom: {"exchange": nom, "routing_key": nom} for nom in (FILE_ORDINAIRE, FILE_CODES)}
CELERY_TASK_DEFAULT_QUEUE = FILE_ORDINAIRE
# Seconds given to a task: at the first limit it is told (it fails, with its reason), at the second it is killed.
# Each kind is named where the task is written (`socle.travaux.passages`); one that says nothing is ordinary.
TACHE_DUREE = env.float("TACHE_DUREE", default=300)
TACHE_LONGUE_DUREE = env.float("TACHE_LONGUE_DUREE", default=3600)
TACHE_SURSIS = env.float("TACHE_SURSIS", default=30)
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = TACHE_DUREE, TACHE_DUREE + TACHE_SURSIS
TACHE_ESSAIS = env.int("TACHE_ESSAIS", default=5)  # failures in a row, then a person decides
TACHE_RETARD = env.float("TACHE_RETARD", default=900)  # seconds that a periodic task may be late
# Seconds that a worker may take nothing while work waits, then it stops, and its supervisor starts it again.
WORKER_MUET = env.float("WORKER_MUET", default=60)
CELERY_TIMEZONE = "Europe/Paris"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    # The web only sends tasks; a worker reads long answers.
    "socket_timeout": 1 if BASE_ATTENTE else env.float("COURTIER_ATTENTE", default=5),
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TASK_PUBLISH_RETRY = False  # no request waits for a broker that is down: the sweep finds the row
CELERY_BEAT_SCHEDULER = "participation.socle.travaux.horloge:Horloge"
