# Forebay. `make run` and `make test` are all that one needs; the others measure and torture it.
SHELL := bash
.DEFAULT_GOAL := help
CARGO ?= cargo
RELEASE := --release --locked

.PHONY: help run cluster build test fmt lint lint-deploy doc openapi screenshots chaos worlds bench bench-kafka clean

help: ## what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## build and start everything on embedded parts (ARGS="--listen 127.0.0.1:9090")
	$(CARGO) run $(RELEASE) -p forebay -- up $(ARGS)

cluster: ## the same in production's shape, as plain processes: gateways, runners, console, Kafka, PostgreSQL (DIR=, ARGS="--port 9000")
	@bash .ci/needs python3 postgres java mvn
	$(CARGO) build $(RELEASE) -p forebay
	@deploy/cluster/cluster start $(or $(DIR),forebay-cluster) $(ARGS)

build: ## the binary: target/release/forebay
	$(CARGO) build $(RELEASE) -p forebay

test: ## every check and test; installs what it needs; SUITES="engine e2e" takes a selection
	@bash .ci/suites $(SUITES)

fmt: ## format the code
	$(CARGO) fmt --all

lint: ## formatting and clippy
	$(CARGO) fmt --all --check
	FOREBAY_SKIP_WEB=1 $(CARGO) clippy $(RELEASE) --workspace --all-targets --features forebay/failpoints -- -D warnings

lint-deploy: ## Dockerfile, compose file, systemd units and nginx's configuration, by linters that it fetches
	@bash .ci/deploy

doc: ## the code's documentation
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" $(CARGO) doc $(RELEASE) --workspace --no-deps

screenshots: ## a picture of each page, light, dark and narrow, in web/screenshots
	@bash .ci/needs npm chromium
	$(CARGO) build $(RELEASE) -p forebay
	npm run --prefix web --silent screenshots

openapi: ## write openapi.json and the TypeScript client's types from the code
	$(CARGO) run $(RELEASE) --quiet -p console --example document > openapi.json.new
	mv openapi.json.new openapi.json
	npm ci --prefix clients/typescript --silent --no-audit --no-fund
	npm run --prefix clients/typescript --silent generate

chaos: ## kills and controls, the long form (BARS="1 4 cluster" EVENTS=200000 KILLS=20); writes docs/RELIABILITY.md
	@bash .ci/needs python3 postgres java mvn
	$(CARGO) build $(RELEASE) --workspace --bins --features forebay/failpoints
	bash .ci/servers target/release/chaos

worlds: ## the simulated worlds of the runner, the long form (WORLDS=20000 SEED=1)
	FOREBAY_SIMULATED_WORLDS=$(or $(WORLDS),20000) FOREBAY_SIMULATED_SEED=$(or $(SEED),1) \
		$(CARGO) test $(RELEASE) --workspace --features forebay/failpoints --test runner simulated -- --show-output

bench: ## speed side by side, with conditions (BENCH_WRITE=1 writes docs/BENCHMARKS.md)
	@bash .ci/needs wrk faketime
	$(CARGO) build $(RELEASE) --workspace --bins
	target/release/bench

bench-kafka: ## the same on Kafka and PostgreSQL, beside other producers (BENCH_WRITE=1; BENCH_DRAIN=2000000)
	@bash .ci/needs wrk faketime python3 postgres java mvn go
	$(CARGO) build $(RELEASE) --workspace --bins
	POSTGRES_OPTIONS="-c track_commit_timestamp=on" bash .ci/servers target/release/bench kafka

clean: ## remove what was built
	$(CARGO) clean
	rm -rf e2e/node_modules e2e/.venv web/node_modules web/dist web/screenshots clients/typescript/node_modules clients/typescript/dist
