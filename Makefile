# Thin on purpose: every recipe is a script that can be run and read by itself.

.PHONY: run test check e2e bench deny

run: ## Builds what has changed and starts on http://127.0.0.1:3000
	@scripts/run

test: ## Everything that must hold before a change lands
	@scripts/test

check: ## The part of it that needs no browser
	@scripts/check

e2e: ## The part of it that needs one
	@scripts/e2e

bench: ## The figures of docs/performance.md
	@scripts/bench

deny: ## Licences, sources and banned crates of everything we depend on
	@scripts/deny
