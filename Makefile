ADDR ?= 127.0.0.1:8080
OUT  ?= .out/site
BASE ?= /
ORIGIN ?=
TWINS  ?=

# Inlining makes the program larger, and faster only where it computes: without
# it elsewhere app.wasm is a tenth smaller under brotli (make bench).
HOT := crypto/internal/... crypto/md5 golang.org/x/crypto/... vendor/golang.org/x/crypto/... \
  runtime runtime/... internal/runtime/... math/bits
SMALL := -gcflags=all=-l $(HOT:%=-gcflags=%=)

.PHONY: help run site wasm test bench clean

help: ## print this
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: wasm ## serve the playground at ADDR (127.0.0.1:8080)
	@.bin/playground serve -addr $(ADDR) -wasm .bin/app.wasm

# The same commit gives the same site, on any machine: with this Go, fetched
# where another one is installed, and nothing of the checkout in the program.
site: export GOTOOLCHAIN = go1.26.8
site: wasm ## write the static site to OUT, to stand at ORIGIN (https://host) under BASE
	@.bin/playground site -out "$(OUT)" -base "$(BASE)" -origin "$(ORIGIN)" -twins "$(TWINS)" -wasm .bin/app.wasm

wasm: ## build the program for the browser, and the one that serves it
	@mkdir -p .bin
	GOOS=js GOARCH=wasm GOWASM= GOEXPERIMENT= GOFLAGS= go build -trimpath -buildvcs=false -ldflags '-s -w' $(SMALL) -o .bin/app.wasm ./wasm/app
	@install -m 644 "$$(go env GOROOT)/lib/wasm/wasm_exec.js" .bin/wasm_exec.js
	go build -o .bin/playground ./web/cmd/playground

test: ## every check, natively, in wasm and in a browser
	@.ci/test

bench: ## print what the budgets are about
	@.ci/bench

clean: ## remove what was built
	rm -rf .bin .out web/e2e/node_modules web/e2e/screenshots web/e2e/test-results
