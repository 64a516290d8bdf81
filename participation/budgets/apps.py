from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "participation.budgets"
    label = "budgets"
    verbose_name = "budgets participatifs"

    def ready(self) -> None:
        from participation.budgets.projets.lettres import changer_suite
        from participation.suites.signals import suite_changee

        suite_changee.connect(changer_suite, dispatch_uid="budgets.changer_suite")
