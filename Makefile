# Thin on purpose: every recipe is a script that can be run and read by itself.

.PHONY: run test check e2e bench deny deb crash fuzz fuzz-oracle mutants test-failover sbom security-report

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

deb: ## The Debian package, into target/debian/, installed and removed in a copy of this machine
	@scripts/deb

crash: ## 200 kills of the server, and what it kept
	@scripts/crash

test-failover: ## PostgreSQL fails over twenty times under load
	@scripts/test-failover

fuzz: ## Everything that reads what comes from outside, and random sequences
	@scripts/fuzz

fuzz-oracle: ## What we say about passkeys, beside what others say
	@scripts/fuzz-oracle

mutants: ## Changes the rules in one place at a time, and sees whether a test fails
	@scripts/mutants

sbom: ## What the program is made of, as CycloneDX
	@scripts/sbom

security-report: ## Runs the above and writes the figures of docs/security.md
	@scripts/security-report
