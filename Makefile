ADDR ?= 127.0.0.1:8080
OUT  ?= .out/site
BASE ?= /
ORIGIN ?=
TWINS  ?=

# Inlining makes the program larger, and faster only where it computes: without
# it elsewhere app.wasm is a tenth smaller under brotli (make bench).
HOT := runtime runtime/... internal/runtime/... math/bits crypto/md5 crypto/internal/constanttime crypto/internal/fips140deps/... \
  $(addprefix crypto/internal/fips140/,aes/... alias bigmod edwards25519/... hmac mlkem nistec/fiat pbkdf2 sha256 sha3 sha512 subtle) \
  golang.org/x/crypto/... vendor/golang.org/x/crypto/...
SMALL := -gcflags=all=-l $(HOT:%=-gcflags=%=)

# What the Worker's size is checked against, in octets under gzip.
WORKER_LIMIT := 3000000

.PHONY: help run site wasm worker worker-dev worker-test deploy check test fuzz bench clean

help: ## print this
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

run: wasm ## serve the playground at ADDR (127.0.0.1:8080)
	@.bin/playground serve -addr $(ADDR) -wasm .bin/app.wasm

site: wasm ## write the static site to OUT, to stand at ORIGIN (https://host) under BASE
	@.bin/playground site -out "$(OUT)" -base "$(BASE)" -origin "$(ORIGIN)" -twins "$(TWINS)" -wasm .bin/app.wasm

# The same commit gives the same program, on any machine: with this Go, fetched
# where another one is installed, and nothing of the checkout in it. web/slim
# knows the layout of this Go.
wasm: export GOTOOLCHAIN = go1.26.8
wasm: ## build the program for the browser, and the one that serves it
	@mkdir -p .bin
	go build -o .bin/playground ./web/cmd/playground
	@.bin/playground overlay -out .bin
	GOOS=js GOARCH=wasm GOWASM= GOEXPERIMENT= GOFLAGS= go build -modfile .bin/app.mod -overlay .bin/overlay.json -trimpath -buildvcs=false -ldflags '-s -w' $(SMALL) -o .bin/debug.wasm ./wasm/app
	@.bin/playground slim -debug .bin/debug.wasm -wasm .bin/app.wasm
	@install -m 644 "$$(go env GOROOT)/lib/wasm/wasm_exec.js" .bin/wasm_exec.js

worker: wasm ## build the Cloudflare Worker and its site in .out/worker, for ORIGIN
	@mkdir -p .out/worker
	go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o .out/worker/program
	GOOS=js GOARCH=wasm GOWASM= GOEXPERIMENT= GOFLAGS= go build -tags worker -trimpath -buildvcs=false -ldflags '-s -w' -gcflags=all=-l -o .out/worker/program/app.wasm ./wasm/worker
	@.bin/playground size -worker .out/worker/program -limit $(WORKER_LIMIT)
	@.bin/playground site -api -out .out/worker/site -origin "$(ORIGIN)" -wasm .bin/app.wasm

worker-dev: worker ## run the Worker on this machine, at ADDR
	@.ci/worker dev $(ADDR)

worker-test: worker ## try the Worker in the platform's own runtime
	@.ci/worker test

deploy: worker ## put the Worker up; needs the owner's Cloudflare account
	@.ci/worker deploy

check: ## format, vet, staticcheck and the native tests, within two minutes
	@.ci/check

test: ## every check, natively, in wasm and in a browser
	@.ci/test

fuzz: ## run every fuzz target for TIME (60s), or those of ONLY=regexp
	@.ci/fuzz

bench: ## print what the budgets are about
	@.ci/bench

clean: ## remove what was built
	rm -rf .bin .out protocol/netio/judges/testdata/node/node_modules wasm/worker/node_modules wasm/worker/.wrangler \
	  web/e2e/node_modules web/e2e/lighthouse/node_modules web/e2e/screenshots web/e2e/test-results
