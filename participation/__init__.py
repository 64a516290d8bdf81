from participation.celery import app as celery_app
