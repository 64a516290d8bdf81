"""Guards and fixtures shared by every test."""

pytest_plugins = ["tests.conftest_services"]
