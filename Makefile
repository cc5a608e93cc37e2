# Two commands for a newcomer: `make run` and `make test`. Everything is built once, optimised.
SHELL := /bin/bash
BUILD ?= .build
PROGRAM = $(BUILD)/release/aviary
SWIFT_BUILD = swift build -c release --scratch-path $(BUILD) --explicit-target-dependency-import-check error

.PHONY: build test lint clean

build:
	@scripts/setup.sh build
	@$(SWIFT_BUILD) --product aviary

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

test:
	@scripts/stage.sh setup scripts/setup.sh test
	@scripts/stage.sh lint $(MAKE) -s lint
	@scripts/stage.sh build $(SWIFT_BUILD) --build-tests
	@scripts/stage.sh "swift tests" swift test -c release --scratch-path $(BUILD) --skip-build --disable-xctest

clean:
	rm -rf $(BUILD)
