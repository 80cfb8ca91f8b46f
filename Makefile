# Everything is built once, in the release configuration: what is tested is what runs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

SWIFT_BUILD := swift build --configuration release -Xswiftc -enable-testing
SWIFT_SOURCES := Package.swift Sources Tests $(wildcard Benchmarks)
PROGRAM := .build/release/dutyclock
# The program to install has Swift's runtime inside; its objects differ, so they have a folder of their own.
STATIC := .build/static
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help setup build run test soak bench release install lint format clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## install what building and running needs, if it is missing
	@.ci/setup.sh run

build: setup ## build the program
	$(SWIFT_BUILD) --product dutyclock

run: build ## play a sample day on this machine; the board is on http://127.0.0.1:8080
	@exec $(PROGRAM) demo

test: ## build, then run every suite; ends with "N passed, N failed"
	@.ci/test.sh

soak: build ## kill the daemon 1,000 times under load, look for people in a million log lines; half an hour
	@.ci/setup.sh test
	@Tests/Soak/run.sh
	@LINES=1000000 Tests/Dashboards/run.sh test_many_lines.py

bench: build ## measure throughput and latency
	@.ci/setup.sh test
	@Benchmarks/run.sh

release: setup ## build the program to install, which needs nothing of the Swift toolchain
	$(SWIFT_BUILD) --static-swift-stdlib --scratch-path $(STATIC) --product dutyclock
	strip --strip-debug -o $(STATIC)/dutyclock $(STATIC)/release/dutyclock
	@if ldd $(STATIC)/dutyclock | grep -iE 'swift|foundation|dispatch|not found'; then exit 1; fi

install: ## install what make release has built, below PREFIX (/usr/local) and DESTDIR
	@.ci/install.sh $(STATIC)/dutyclock "$(PREFIX)" "$(DESTDIR)"

lint: ## check the form of the sources and scripts
	@.ci/lint.sh

format: ## bring the Swift sources into form
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean: ## remove what was built and downloaded
	rm -rf .build .cache
