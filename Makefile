# `make` alone says what can be done here.
.DEFAULT_GOAL := aide
SHELL := /bin/sh
PYTHON := .venv/bin/python
# What production must be given, made up: `check --deploy` reads settings and connects nowhere.
PRODUCTION := ENVIRONNEMENT=production ALLOWED_HOSTS=participation.example.org \
	SECRET_KEY=verification-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
	DATABASE_URL=postgres://app@127.0.0.1:1/app BROKER_URL=redis://127.0.0.1:1/0 \
	EMAIL_URL=smtp+tls://relais.example.org:587 SITE_URL=https://participation.example.org
# If make itself is killed, the runner is told to stop.
AVEC_MAKE := $(shell command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM --)
# What is compiled is kept, beside the data, even where the system says to keep nothing: each process starts twice as fast.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/.data/pycache
# Test processes, for the two cores that are the least: a test waits for its browser or its base, each process costs its start,
# and one of them runs the tests that wait most.
N ?= 3

.PHONY: aide run test essais migration test-horloge couverture audit check check-types check-essais check-forme check-projet fix demo bench manage captures livraison exercice vendor textes clean venv-run venv-dev apt-run apt-essais apt-exercice

aide:
	@echo "make run     le site entier sur http://127.0.0.1:8000 (PORT=… pour un autre port)"
	@echo "make demo    recharge la démonstration, en effaçant ce qui y a été changé"
	@echo "make test    tous les essais (ARGS=… pour pytest, N=0 pour un seul processus)"
	@echo "make essais  ceux des essais que touche ce qui a changé depuis main (ou BASE=…)"
	@echo "make test-horloge  les essais sans navigateur, à d'autres heures (MOMENTS=\"bissextile reveillon\")"
	@echo "make audit   trois moteurs d’accessibilité, texte doublé ou espacé, couleurs forcées, sur le site qui tourne avec sa démonstration (PORT=… ARGS=\"signer\"; demande Node)"
	@echo "make couverture  ce que les essais sans navigateur n'entrent jamais, par application puis par module"
	@echo "make check   les vérifications : mise en forme, règles, types, migrations, réglages"
	@echo "make fix     met en forme ce qui peut l'être"
	@echo "make migration APP=petitions NOM=rappel  écrit la migration de ce qui a changé dans les modèles"
	@echo "make bench   mesure le site sous charge, ou ARGS=\"charger --petition PET-… --signatures 1500\""
	@echo "make manage  une commande de manage.py, par exemple : make manage CMD=shell"
	@echo "make captures  les images des guides, prises sur le site qui tourne avec sa démonstration (PORT=…)"
	@echo "make exercice  un site à lui seul brûle et renaît ailleurs : ce qui est perdu, en combien de temps (ARGS=\"--secondes 90\")"
	@echo "make livraison  une version vient d'être livrée : note ce qu'elle demande à la base, pour les essais de la suivante"
	@echo "make vendor   refait static/vendor des paquets npm de package-lock.json, Bootstrap depuis ops/bootstrap.scss (demande Node)"
	@echo "make textes   cherche les phrases à traduire, puis écrit les .mo de locale (demande gettext)"
	@echo "make clean   efface l'environnement Python et toutes les données locales"

run: venv-run apt-run
	@exec $(AVEC_MAKE) $(PYTHON) -m ops.run

demo: venv-run apt-run
	@exec $(PYTHON) -m ops.run demo --recommencer

manage: venv-run
	@exec $(PYTHON) -m ops.run $(CMD)

captures: venv-dev apt-essais
	@exec $(PYTHON) -m ops.captures

exercice: venv-run apt-exercice
	@exec $(AVEC_MAKE) $(PYTHON) -m bench.exercice $(ARGS)

livraison: venv-dev
	@ENVIRONNEMENT=essais exec $(PYTHON) -m ops.livraison

textes: venv-dev
	@ENVIRONNEMENT=essais $(PYTHON) manage.py makemessages -l en -l ar -l tr -l uk -l pt --no-wrap --no-obsolete --add-location file \
		--ignore .venv --ignore node_modules --ignore tests --ignore bench --ignore ops --ignore .data
	@sed -i '/^"\(Report-Msgid-Bugs-To\|POT-Creation-Date\):/d' locale/*/LC_MESSAGES/django.po # they would change each time
	@ENVIRONNEMENT=essais $(PYTHON) manage.py compilemessages --ignore .venv --ignore node_modules

vendor: venv-dev
	@npm ci --ignore-scripts --no-audit --no-fund
	@$(PYTHON) -m ops.vendor

test: venv-dev apt-essais
	@ENVIRONNEMENT=essais exec $(PYTHON) -m pytest -n $(N) --dist worksteal $(ARGS)

essais: venv-dev apt-essais
	@ENVIRONNEMENT=essais exec $(PYTHON) -m ops.essais $(or $(BASE),main) -n $(N) $(ARGS)

# Needs no server: Django reads the models and the migrations.
migration: venv-dev
	@ENVIRONNEMENT=essais $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations $(APP) $(if $(NOM),--name $(NOM))

test-horloge: venv-dev apt-essais
	@ENVIRONNEMENT=essais N=$(N) exec $(PYTHON) -m ops.horloge $(MOMENTS) -- -q -k "not chromium" $(ARGS)

# The engines come from npm, and are never part of the site.
audit: venv-dev apt-essais
	@test -d node_modules/html_codesniffer || npm ci --ignore-scripts --no-audit --no-fund
	@exec $(PYTHON) -m ops.audit $(ARGS)

# A test that fails stops nothing: what it entered is measured.
couverture: venv-dev apt-essais
	@rm -rf .data/couverture && mkdir -p .data/couverture
	-@ENVIRONNEMENT=essais nice $(PYTHON) -m coverage run -m pytest -p ops.couverture -n 2 --dist worksteal -q -k "not chromium" $(ARGS)
	@$(PYTHON) -m coverage combine -q
	@$(PYTHON) -m coverage json -q -o .data/couverture/mesure.json
	@$(PYTHON) -m ops.couverture

# Two at a time, the longest first: the types take as long as all the rest.
check: venv-dev
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-types check-essais check-forme check-projet

check-types:
	@$(PYTHON) -m mypy

# That each test can be read; what is compiled for it serves all the processes of `make test`.
check-essais:
	@mkdir -p .data && { ENVIRONNEMENT=essais $(PYTHON) -m pytest --collect-only -q > .data/collecte.log 2>&1 || { cat .data/collecte.log; exit 1; }; }

check-forme:
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@.venv/bin/djlint --check --lint templates
	@.venv/bin/lint-imports

check-projet:
	@ENVIRONNEMENT=essais $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

fix: venv-dev
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .
	@-.venv/bin/djlint --reformat --quiet templates

bench: venv-dev
	@exec $(PYTHON) -m bench $(ARGS)

venv-run:
	@PY="$(PY)" sh ops/venv.sh run

venv-dev:
	@PY="$(PY)" sh ops/venv.sh dev

# After the venv: the packages of the system are long to come, and useless if Python is missing.
apt-run: venv-run
	@sh ops/apt.sh run

apt-essais: venv-dev
	@sh ops/apt.sh essais

apt-exercice: venv-run
	@sh ops/apt.sh exercice

clean:
	rm -rf .venv .data
