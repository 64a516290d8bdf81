import gc
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class SocleConfig(AppConfig):
    name = "participation.socle"
    label = "socle"
    verbose_name = "territoire, comptes et service"
    default = True  # this module has two AppConfigs

    def ready(self) -> None:
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)


def verifier_les_tables(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[checks.CheckMessage]:
    autodiscover()
    return check_admin_app(app_configs, **options)


class TablesDeReference(SimpleAdminConfig):
    """Configuration of django.contrib.admin that does not load the admin modules in `ready`.

    They are loaded with the URLs, or by the checks: a process that serves no page loads neither them nor their forms.
    """

    default_site = "participation.socle.views.reference.Tables"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(verifier_les_tables, checks.Tags.admin)
