# Each goal first installs what it lacks, then does its work.
#
#   make         builds host and plugins, release, into .build
#   make run     builds, then trains workbench.json, or EXPERIMENT=file.json
#   make test    builds and runs every test, release, into a folder of its own
#   make test-all  all of that, more of what is random, and what needs Python: the schema against
#                  a validator that we did not write
#   make test-portable  the engine's tests as a processor without AVX-512 computes them
#   make bench   measures beside PyTorch, see Benchmarks/README.md; BENCH="--quick" is an argument
#   make sanitize  runs the engine's tests under the address and the thread sanitizer, debug
#   make format  lays out all Swift files; make lint says what format would change, and more
#
# SWIFT=/path/to/swift chooses a toolchain that isn't on the PATH.

SWIFT ?= swift
EXPERIMENT ?= workbench.json
SWIFT_FILES = find . -name '.?*' -prune -o -name '*.swift' -print0

# Tests call the toolchain as well, for plugins outside the tree.
ifneq ($(findstring /,$(SWIFT)),)
export PATH := $(dir $(SWIFT)):$(PATH)
endif

.PHONY: build run test test-all test-portable bench sanitize format lint prepare

build: prepare
	$(SWIFT) build -c release

run: build
	.build/release/workbench train $(EXPERIMENT)

# Not the folder of `build`: tests need modules compiled for testing, and each would undo the
# other's work. One test at a time: libgomp makes a team of threads for each calling thread.
test: prepare
	$(SWIFT) test -c release --scratch-path .build-test --no-parallel

test-all: export WORKBENCH_TEST_FULL = 1
test-all: test test-portable
	Scripts/check-schema.sh .build-test/release/workbench

# oneDNN chooses its kernels by the processor it runs on; both are held to the smaller set.
test-portable: export WORKBENCH_PROCESSOR = x86-64-v3
test-portable: export DNNL_MAX_CPU_ISA = AVX2
test-portable: prepare
	$(SWIFT) test -c release --scratch-path .build-portable --no-parallel \
	  --filter 'TensorTests|LayersTests|SemanticCGANTests'

# Without the cache the build notices files that were added to the core, which lies in another package.
bench: prepare
	$(SWIFT) build -c release --package-path Benchmarks --scratch-path .build-bench \
	  --disable-build-manifest-caching
	"$$(Benchmarks/setup.sh)" Benchmarks/bench.py $(BENCH)

# What the process still holds at its end is no leak: pools and plugins live as long as it does.
sanitize: prepare
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize address --scratch-path .build-address \
	  --no-parallel --filter TensorTests
	$(SWIFT) test --sanitize thread --scratch-path .build-thread --no-parallel --filter TensorTests

format: prepare
	$(SWIFT_FILES) | xargs -0 $(SWIFT) format format --in-place --parallel

lint: prepare
	$(SWIFT_FILES) | xargs -0 $(SWIFT) format lint --strict --parallel
	Scripts/sizes.sh

prepare:
	@Scripts/prepare.sh "$(SWIFT)"
