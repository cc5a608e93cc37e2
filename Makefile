# Two commands for a newcomer: `make run` and `make test`. Everything is built once, optimised.
SHELL := /bin/bash
BUILD ?= .build
STORE ?= .aviary
PREFIX ?= /usr/local
PROGRAM = $(BUILD)/release/aviary
SWIFT_BUILD = swift build -c release --scratch-path $(BUILD) $(SWIFT_FLAGS) \
	--explicit-target-dependency-import-check error

# Kernels that were chosen beside other tests are nobody's: the choices go into a cache of their own.
TEST_CACHE = env XDG_CACHE_HOME=$(abspath $(BUILD))/test-cache
SWIFT_TEST = $(TEST_CACHE) swift test -c release --scratch-path $(BUILD) --skip-build --disable-xctest
# They keep every processor busy: beside them a test that waits for a server would wait for a thread.
ENGINE_TESTS = 'Aviary(Kernels|Tensors|Autograd|Layers|Optimizers|Models|Training|Zoo)Tests\.'
# Other kernels run where the processor knows less: what knows about kernels is tested there as well.
KERNEL_TESTS = 'Aviary(Kernels|Tensors|Autograd|Optimizers)Tests\.'
WITHOUT_TILES = env ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16
WITH_AVX2 = env ONEDNN_MAX_CPU_ISA=AVX2 AVIARY_MAX_ISA=avx2 OPENBLAS_CORETYPE=Haswell

.PHONY: build run test lint web end-to-end example comparison-tests shared-store bench bench-build bench-aviary bench-mlx precision oracles-check sanitize mlflow-venvs mlflow-conformance openapi-conformance fuzz search-speed install uninstall dist clean

build:
	@scripts/setup.sh build
	@$(SWIFT_BUILD) --product aviary

# Trains the small ResNet for some minutes, then serves the dashboard until Ctrl-C.
run: build
	@$(PROGRAM) train resnet8-fashion-mnist --store $(STORE)
	@echo "Next: $(PROGRAM) runs list --store $(STORE)"
	@$(PROGRAM) serve --store $(STORE)

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests migrations zoo web docs \
		Benchmarks/Package.swift Benchmarks/Sources

test:
	@scripts/stage.sh setup scripts/setup.sh test
	@scripts/stage.sh lint $(MAKE) -s lint
	@scripts/stage.sh build $(SWIFT_BUILD) --build-tests
	@scripts/stage.sh "swift tests of the engine" $(SWIFT_TEST) --filter $(ENGINE_TESTS)
	@scripts/stage.sh "the same of kernels, without tiles" $(WITHOUT_TILES) $(SWIFT_TEST) --filter $(KERNEL_TESTS)
	@scripts/stage.sh "the same of kernels, with AVX2 alone" $(WITH_AVX2) $(SWIFT_TEST) --filter $(KERNEL_TESTS)
	@scripts/stage.sh "swift tests of the rest" $(SWIFT_TEST) --skip $(ENGINE_TESTS) --skip SearchSpeedTests
	@scripts/stage.sh "what searches cost" $(SWIFT_TEST) --filter SearchSpeedTests
	@scripts/stage.sh web $(MAKE) -s web
	@scripts/stage.sh "end to end" $(MAKE) -s end-to-end
	@scripts/stage.sh "a user's own program" $(MAKE) -s example
	@scripts/stage.sh "what compares benchmarks and fixtures" $(MAKE) -s comparison-tests

web:
	@tsc -p web
	@node --test web/tests/*.test.js

end-to-end:
	@scripts/setup.sh test
	@scripts/browser_venv.sh .venv-browser
	@AVIARY=$(PROGRAM) BROWSER_PYTHON=$(CURDIR)/.venv-browser/bin/python python3 -m unittest discover -v -s Tests/EndToEnd

example:
	@scripts/setup.sh python
	@AVIARY=$(PROGRAM) python3 Tests/EndToEnd/example_own_model.py

mlflow-venvs:
	@scripts/setup.sh python
	@scripts/python_venv.sh .venv-mlflow Tests/MLflow/requirements-client.txt
	@scripts/python_venv.sh .venv-mlflow-old Tests/MLflow/requirements-old-client.txt

# schemathesis against the native interface, which is described in web/api/openapi.json; half a minute. More of it:
# make openapi-conformance ARGS='--max-examples 300 --seed 7'
openapi-conformance: build
	@scripts/setup.sh python
	@scripts/python_venv.sh .venv-openapi Tests/OpenAPI/requirements.txt
	@AVIARY=$(PROGRAM) Tests/OpenAPI/run_schemathesis.py .venv-openapi $(ARGS)

# The same scripts with two MLflow clients against MLflow's own server and Aviary's, which must give the same output;
# a few minutes. Some scenarios: make mlflow-conformance ARGS='--only runs,search'
mlflow-conformance: build mlflow-venvs
	@AVIARY=$(PROGRAM) Tests/MLflow/run_scenarios.py --server .venv-mlflow \
		--client .venv-mlflow --client .venv-mlflow-old $(ARGS)

# Two trainers, a server and a lister on one store for a minute; wants a quiet machine.
shared-store: build
	@scripts/setup.sh test
	@scripts/browser_venv.sh .venv-browser
	@AVIARY=$(PROGRAM) BROWSER_PYTHON=$(CURDIR)/.venv-browser/bin/python python3 Tests/EndToEnd/shared_store.py

# Aviary beside PyTorch and onnxruntime: first whether both compute the same, then their times in turn, for up to an hour;
# wants a quiet machine. make bench ARGS='--only resnet18-cifar,bert-mini --rounds 5'
bench: bench-build
	@scripts/setup.sh bench
	@scripts/python_venv.sh .venv-peer Benchmarks/peers/requirements.txt
	@$(BENCH_VERSION) Benchmarks/compare.py $(ARGS)

# Aviary's own rows: make bench-aviary ARGS='--only resnet20-fashion --repeats 21'
bench-aviary: bench-build
	@$(BENCH_VERSION) XDG_CACHE_HOME=$(CURDIR)/.bench/cache .build-bench/release/aviary-benchmarks $(ARGS)

# MLX on the CPU, three workloads, for minutes: make bench-mlx ARGS='--only mlp-784'
bench-mlx:
	@scripts/setup.sh bench
	@scripts/python_venv.sh .venv-mlx Benchmarks/peers/requirements-mlx.txt
	@.venv-mlx/bin/python Benchmarks/peers/mlx_peer.py $(ARGS)

# What rows call this program: the version and, where there is one, the commit.
BENCH_VERSION = AVIARY_VERSION="$$(sed -n 's/.*current = "\(.*\)"/\1/p' Sources/aviary/Version.swift) $$(git describe \
	--always --dirty 2>/dev/null || true)"
bench-build:
	@scripts/setup.sh build >&2
	@swift build -c release --package-path Benchmarks --scratch-path .build-bench >&2

comparison-tests:
	@scripts/setup.sh python
	@python3 -m unittest discover -s Benchmarks/tests -t Benchmarks
	@python3 -m unittest discover -s scripts
	@python3 -m unittest discover -s Tests/MLflow

# What bf16 and f16 cost in accuracy, three seeds each, for more than an hour; goes on where it was interrupted. One of
# the two models: make precision ARGS='--only encoder'
PRECISION_RUNS ?= .precision
precision: build
	@scripts/setup.sh python
	@AVIARY=$(PROGRAM) Benchmarks/precision.py $(PRECISION_RUNS) $(ARGS)

# Whether every oracle still writes the fixtures that are committed, for a few minutes; wants Python and PyTorch.
ORACLE_VENV ?= .venv-oracle
oracles-check:
	@scripts/setup.sh python
	@scripts/check_oracles.sh $(ORACLE_VENV)

# Every test under AddressSanitizer (leaks too) with the C parts under UndefinedBehaviorSanitizer and no buffer reused,
# then the store's, the server's and the loader's under ThreadSanitizer; in build folders of their own. One test after
# the other, as all is up to ten times slower; without those of time and memory, of which sanitizers take their own.
UNSANITIZED = 'SearchSpeedTests|little memory'
sanitize:
	@scripts/setup.sh test
	@$(TEST_CACHE) AVIARY_ALLOCATOR=system LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leaks-of-others.txt \
		swift test -c release --scratch-path .build-asan --sanitize address \
		-Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined --disable-xctest --no-parallel \
		--skip $(UNSANITIZED)
	@$(TEST_CACHE) TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/races-unseen.txt \
		swift test -c release --scratch-path .build-tsan --sanitize thread --disable-xctest --no-parallel \
		--filter 'TrackingStore|TrackingClient|Server|Datasets|Transfer|Artifacts' --skip $(UNSANITIZED)

# The fuzzers of the filters and of what clients send, each for so long, with other seeds each time, under
# AddressSanitizer. A round that found something: AVIARY_FUZZ_SEED=… make fuzz
FUZZ_SECONDS ?= 60
fuzz:
	@scripts/setup.sh test
	@$(TEST_CACHE) AVIARY_FUZZ_SECONDS=$(FUZZ_SECONDS) swift test -c release --scratch-path .build-asan \
		--sanitize address -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined --disable-xctest --filter FuzzTests

# What searches cost over so many runs, a line each; wants a quiet machine.
SEARCH_RUNS ?= 100000
search-speed:
	@scripts/setup.sh test
	@$(SWIFT_BUILD) --build-tests
	@AVIARY_SEARCH_RUNS=$(SEARCH_RUNS) $(SWIFT_TEST) --filter SearchSpeedTests

install: build
	@install -D "$(PROGRAM)" "$(DESTDIR)$(PREFIX)/bin/aviary"
	@share=$$(realpath -m "$(DESTDIR)$(PREFIX)/share/aviary/zoo") && cd zoo && \
		find catalogue.yml cards recipes weights -type f -exec install -D -m 644 {} "$$share/{}" \;
	@install -D -m 644 docs/man/aviary.1 "$(DESTDIR)$(PREFIX)/share/man/man1/aviary.1"

uninstall:
	rm -rf "$(DESTDIR)$(PREFIX)/bin/aviary" "$(DESTDIR)$(PREFIX)/share/aviary" \
		"$(DESTDIR)$(PREFIX)/share/man/man1/aviary.1"

# A tarball for machines without Swift, in dist/: the Swift libraries are linked in, hence a build folder of its own.
dist:
	@rm -rf dist/stage
	@$(MAKE) -s install BUILD=.build-dist SWIFT_FLAGS=--static-swift-stdlib DESTDIR=dist/stage PREFIX=
	@scripts/dist.sh dist/stage

clean:
	rm -rf $(BUILD)
