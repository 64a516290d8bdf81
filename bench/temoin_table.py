"""The table of the reference, told apart: importing the reference itself configures Django."""

TABLE = """CREATE TABLE IF NOT EXISTS bench_temoin (
    id bigserial PRIMARY KEY, nom text NOT NULL, courriel text NOT NULL UNIQUE)"""
