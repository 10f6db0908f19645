//go:build !js

// Playground writes the static site, or serves it from memory.
//
//	playground site -out DIR [-base /prefix] [-origin https://host] [-twins DIR] -wasm FILE
//	playground serve [-addr HOST:PORT] -wasm FILE
//	playground overlay [-out DIR]
//	playground slim [-debug FILE] -wasm FILE
//	playground pack -site DIR
//	playground size -site DIR | -worker DIR [-limit OCTETS]
//
// Beside the wasm file have to lie debug.wasm, from which it was made, and Go's
// wasm_exec.js, of the Go that built it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"syscall"

	"example.org/smtpauth/wasm/app/overlay"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "playground:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("say site, serve, overlay, slim, pack or size")
	}
	flags := flag.NewFlagSet("playground "+args[0], flag.ExitOnError)
	wasm := flags.String("wasm", ".bin/app.wasm", "the program, with debug.wasm and wasm_exec.js beside it")
	switch args[0] {
	case "site":
		out := flags.String("out", ".out/site", "folder to write to")
		base := flags.String("base", "/", "path under which the site will stand")
		origin := flags.String("origin", "", "scheme and host of its full addresses")
		twins := flags.String("twins", "", "folder of a site from which to take compressed files that have not changed")
		links := flags.Bool("api", false, "its host answers under /api/ and /s/")
		flags.Parse(args[1:])
		where, err := at(*base, *origin)
		if err != nil {
			return err
		}
		where.api = *links
		return writeSite(*out, *twins, where, *wasm)
	case "serve":
		addr := flags.String("addr", "127.0.0.1:8080", "address to listen on")
		flags.Parse(args[1:])
		err := serve(*addr, *wasm)
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is taken by another program; choose another address with ADDR=host:port", *addr)
		}
		return err
	case "overlay":
		out := flags.String("out", ".bin", "folder, below the checkout, for what the go command builds the program with")
		flags.Parse(args[1:])
		return overlay.Write(".", *out)
	case "slim":
		debug := flags.String("debug", ".bin/debug.wasm", "the program as Go linked it")
		flags.Parse(args[1:])
		return slimmed(*debug, *wasm)
	case "pack":
		dir := flags.String("site", ".out/site", "folder of a site of somebody else, to put compressed files beside its files")
		flags.Parse(args[1:])
		return pack(*dir)
	case "size":
		dir := flags.String("site", ".out/site", "folder of the site")
		limit := flags.Int("limit", 2_600_000, "most octets: of app.wasm under brotli 11, of the Worker under gzip")
		program := flags.String("worker", "", "folder of the Worker's program, to be looked at instead")
		flags.Parse(args[1:])
		if *program != "" {
			return checkWorker(*program, *limit)
		}
		return checkSize(*dir, *limit)
	}
	return fmt.Errorf("there is no %q; say site, serve, overlay, slim, pack or size", args[0])
}
