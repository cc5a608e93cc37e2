# Two commands for a newcomer: `make run` and `make test`. Everything is built once, optimised.
SHELL := /bin/bash
BUILD ?= .build
STORE ?= .aviary
PREFIX ?= /usr/local
PROGRAM = $(BUILD)/release/aviary
SWIFT_BUILD = swift build -c release --scratch-path $(BUILD) --explicit-target-dependency-import-check error

.PHONY: build run test lint web end-to-end example shared-store sanitize install clean

build:
	@scripts/setup.sh build
	@$(SWIFT_BUILD) --product aviary

# Trains the small ResNet for some minutes, then serves the dashboard until Ctrl-C.
run: build
	@$(PROGRAM) train resnet8-fashion-mnist --store $(STORE)
	@echo "Next: $(PROGRAM) runs list --store $(STORE)"
	@$(PROGRAM) serve --store $(STORE)

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests migrations zoo web docs

test:
	@scripts/stage.sh setup scripts/setup.sh test
	@scripts/stage.sh lint $(MAKE) -s lint
	@scripts/stage.sh build $(SWIFT_BUILD) --build-tests
	@scripts/stage.sh "swift tests" swift test -c release --scratch-path $(BUILD) --skip-build --disable-xctest
	@scripts/stage.sh web $(MAKE) -s web
	@scripts/stage.sh "end to end" $(MAKE) -s end-to-end
	@scripts/stage.sh "a user's own program" $(MAKE) -s example

web:
	@tsc -p web
	@node --test web/tests/*.test.js

end-to-end:
	@scripts/browser_venv.sh .venv-browser
	@AVIARY=$(PROGRAM) BROWSER_PYTHON=$(CURDIR)/.venv-browser/bin/python python3 -m unittest discover -v -s Tests/EndToEnd

example:
	@AVIARY=$(PROGRAM) python3 Tests/EndToEnd/example_own_model.py

# Two trainers, a server and a lister on one store for a minute; wants a quiet machine.
shared-store: build
	@scripts/browser_venv.sh .venv-browser
	@AVIARY=$(PROGRAM) BROWSER_PYTHON=$(CURDIR)/.venv-browser/bin/python python3 Tests/EndToEnd/shared_store.py

# Kernel, tensor, store and parser tests under AddressSanitizer and UndefinedBehaviorSanitizer, then the store's
# under ThreadSanitizer; in build folders of their own.
sanitize:
	@AVIARY_ALLOCATOR=system swift test --scratch-path .build-asan --sanitize address --sanitize undefined \
		--disable-xctest --filter 'Autograd|Models|Checkpoints|Datasets|Artifacts|TrackingStore'
	@swift test --scratch-path .build-tsan --sanitize thread --disable-xctest --filter 'TrackingStore|TrackingClient|Datasets'

install: build
	@install -D $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/aviary

clean:
	rm -rf $(BUILD)
