# One command each. Whatever is missing on a fresh Debian or Ubuntu machine
# with Rust is installed first.

SHELL := /bin/bash
CARGO := cargo
LISTEN ?= 127.0.0.1:8080
DATA ?=
ONLY ?=
SCENARIOS ?= ../shared/scenarios
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PLAUDIT := target/release/plaudit
# What waits for ever fails, in the end.
NODE_TEST := node --test --test-timeout=900000
# Where the servers of tests have their files.
IN_MEMORY := tests/in-memory.sh
ifneq ($(DATA),)
DATA_OPTION := --data $(DATA)
endif

.PHONY: help run demo test browser check scenarios bench faults large schemathesis bucket services contracts golden deps deps-pages pages screenshots release

help:
	@echo 'make run        builds and starts Plaudit on http://localhost:8080'
	@echo 'make demo       plays the sample prize against a running Plaudit'
	@echo 'make test       every test, with real PostgreSQL and NATS'
	@echo 'make browser    the tests of the verifier that runs in a browser'
	@echo 'make pages      plays whole programmes in a browser (make test does too)'
	@echo 'make screenshots   takes pictures of every page'
	@echo 'make check      format, lints, contracts, golden files'
	@echo 'make scenarios  plays every scenario folder in $(SCENARIOS)'
	@echo 'make services   starts every service as its own process'
	@echo 'make faults     kills things fifty times and looks what is left'
	@echo 'make large      3,000 pitches and 60 judges in one programme'
	@echo 'make schemathesis   asks the APIs whatever their descriptions allow, and more'
	@echo 'make bucket     keeps files in an S3 bucket that checks signatures'
	@echo 'make bench      measures, side by side with its peers'

deps:
	@need=""; \
	command -v cc >/dev/null || need="$$need build-essential"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need="$$need postgresql"; \
	command -v nats-server >/dev/null || [ -x /usr/sbin/nats-server ] || need="$$need nats-server"; \
	command -v npm >/dev/null || need="$$need nodejs npm"; \
	command -v cargo >/dev/null || { echo 'Install Rust first: https://rustup.rs'; exit 1; }; \
	if [ -n "$$need" ]; then \
		echo "Installing$$need"; \
		$(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$need >/dev/null; \
	fi
	@$(call npm-ci,services/web)

# From npm, as the lock has it; again only if that changed.
npm-ci = cmp -s $(1)/package-lock.json $(1)/node_modules/.plaudit-lock || \
	{ cd $(1) && npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.plaudit-lock; }

# What only the tests of the pages need: a browser, and the checker of HTML.
deps-pages: deps
	@need=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || need="$$need chromium"; \
	java -version >/dev/null 2>&1 || need="$$need default-jre-headless"; \
	if [ -n "$$need" ]; then \
		echo "Installing$$need"; \
		$(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$need >/dev/null; \
	fi
	@$(call npm-ci,tests/pages)

# Whole programmes through pages alone, in a real browser.
pages: deps-pages
	$(CARGO) build -p plaudit --locked
	$(IN_MEMORY) $(NODE_TEST) --test-concurrency=2 $(filter-out $(ALONE),$(wildcard tests/pages/*.test.mjs))
	$(IN_MEMORY) $(NODE_TEST) --test-concurrency=1 $(ALONE)

# They look at how long something takes.
ALONE := tests/pages/timings.test.mjs tests/pages/weight.test.mjs

# Pictures of every page, for docs/screenshots.
screenshots: deps-pages
	$(CARGO) build -p plaudit --locked
	node tests/pages/screenshots.mjs

release: deps
	$(CARGO) build --release --locked -p plaudit

run: release
	$(PLAUDIT) up --listen $(LISTEN) $(DATA_OPTION)

services: release
	$(PLAUDIT) up --apart --listen $(LISTEN) $(DATA_OPTION)

demo: release
	@people=$$(mktemp) && trap 'rm -f '$$people EXIT && \
	$(PLAUDIT) people --for examples/the-den --out $$people $(DATA_OPTION) >/dev/null && \
	$(PLAUDIT) play examples/the-den --url http://$(LISTEN) --tokens $$people

scenarios: release
	@if [ -d $(SCENARIOS) ]; then \
		$(PLAUDIT) play examples/the-den examples/panels/* $(SCENARIOS)/*/* --out target/scenarios.jsonl; \
	else echo 'skipped: there is no $(SCENARIOS); playing the samples'; \
		$(PLAUDIT) play examples/the-den examples/panels/*; fi

check: deps
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; \
	else echo 'skipped: cargo-deny is not installed'; fi

test: deps browser
	$(CARGO) build -p plaudit --locked
	$(IN_MEMORY) $(CARGO) test --workspace --locked
	$(MAKE) pages
	$(MAKE) schemathesis EXAMPLES=1
	$(MAKE) bucket

# The verifier that runs in a browser, in Node; its page too where Chromium and
# playwright-core are at hand.
browser:
	@command -v node >/dev/null || { echo 'Installing nodejs'; $(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends nodejs >/dev/null; }
	node --test services/audit/browser/tests/*.test.mjs services/web/tests/*.test.mjs

# Adds what is new to the committed descriptor; what is there stays for ever.
contracts:
	PLAUDIT_WRITE_CONTRACTS=1 $(CARGO) check -p plaudit-proto

# Writes the golden API descriptions anew.
golden:
	$(CARGO) build -p plaudit --locked
	PLAUDIT_WRITE_GOLDEN=1 $(CARGO) test -p plaudit-tests --locked golden

faults: deps
	$(CARGO) build -p plaudit --locked
	PLAUDIT_KILLS=50 $(CARGO) test -p plaudit-tests --locked --test faults -- --nocapture

# The greatest programme; `make test` plays the same in small.
large: deps
	$(CARGO) build -p plaudit --locked
	PLAUDIT_LARGE=1 $(CARGO) test -p plaudit-tests --locked --test size -- --nocapture

# From PyPI, into target/. EXAMPLES is the most of each kind for an operation;
# SECONDS_A_ROUND, if it is given, how long each of the ten rounds goes on.
SCHEMATHESIS := target/schemathesis
EXAMPLES ?= 20
SECONDS_A_ROUND ?=
schemathesis: deps
	$(CARGO) build -p plaudit --locked
	@if [ -x $(SCHEMATHESIS)/bin/schemathesis ] || { python3 -m venv $(SCHEMATHESIS) && \
		$(SCHEMATHESIS)/bin/pip install --quiet schemathesis==4.32.5; } >/dev/null 2>&1; then \
		tests/schemathesis/run target/debug/plaudit $(SCHEMATHESIS)/bin/schemathesis $(EXAMPLES) $(SECONDS_A_ROUND); \
	else rm -rf $(SCHEMATHESIS); \
		echo 'skipped: schemathesis can not be installed (python3 with venv and pip, and PyPI, are needed)'; fi

# An S3 from PyPI, into target/.
MOTO := target/moto
bucket: deps
	@if [ -f $(MOTO)/.installed ] || { python3 -m venv $(MOTO) && \
		$(MOTO)/bin/pip install --quiet 'moto[s3,server]==5.2.1' && touch $(MOTO)/.installed; } >/dev/null 2>&1; then \
		PLAUDIT_MOTO=$(CURDIR)/$(MOTO)/bin/python $(IN_MEMORY) $(CARGO) test --workspace --locked --test service \
			bucket -- --ignored; \
	else rm -rf $(MOTO); \
		echo 'skipped: moto can not be installed (python3 with venv and pip, and PyPI, are needed)'; fi

bench: release
	@command -v pgbench >/dev/null || ls /usr/lib/postgresql/*/bin/pgbench >/dev/null
	$(CARGO) run --release --locked --manifest-path tests/bench/Cargo.toml --target-dir target -- $(ONLY)
