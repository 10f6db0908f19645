//go:build !js

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"example.org/smtpauth/web/slim"
)

// A built program is what the browser runs.
type built struct {
	program  []byte // what visitors load
	debug    []byte // the same, with the names and lines that make a traceback readable
	wasmExec []byte // Go's script that runs it
}

// slimmed makes the program that visitors load from the one that Go linked.
func slimmed(debug, out string) error {
	whole, err := os.ReadFile(debug)
	if err != nil {
		return err
	}
	program, err := slim.Program(whole)
	if err != nil {
		return fmt.Errorf("%s: %w", debug, err)
	}
	return os.WriteFile(out, program, 0o644)
}

// readProgram reads the program and, beside it, debug.wasm and wasm_exec.js.
func readProgram(wasm string) (b built, err error) {
	for name, data := range map[string]*[]byte{filepath.Base(wasm): &b.program, "debug.wasm": &b.debug, "wasm_exec.js": &b.wasmExec} {
		file := filepath.Join(filepath.Dir(wasm), name)
		if *data, err = os.ReadFile(file); err != nil {
			return built{}, err
		}
		if filepath.Ext(name) == ".wasm" && !bytes.HasPrefix(*data, []byte("\x00asm")) {
			return built{}, fmt.Errorf("%s is not a WebAssembly program", file)
		}
	}
	return b, nil
}

// writeSite writes the site to the folder out, with a .br and a .gz beside each
// file that can be compressed: hosts serve them in its stead, or the page asks
// for them. Twins of files that never change are taken from the folder twins,
// where they are there already: compressing the program takes a minute. The
// Worker's host sends no .br that it finds, so its site has none.
func writeSite(out, twins string, where place, wasm string) error {
	b, err := readProgram(wasm)
	if err != nil {
		return err
	}
	s, err := buildSite(where, b)
	if err != nil {
		return err
	}
	if err := s.sweep(out); err != nil {
		return err
	}
	for name, data := range s {
		file := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		all := map[string][]byte{"": data}
		if compressible(name) {
			for suffix, pack := range packers {
				if where.api && suffix == ".br" {
					continue
				}
				if all[suffix] = twin(twins, name+suffix, data); all[suffix] == nil {
					all[suffix] = pack(name, data)
				}
			}
		}
		for suffix, data := range all {
			if err := os.WriteFile(file+suffix, data, 0o644); err != nil {
				return err
			}
		}
	}
	fmt.Printf("wrote the site to %s, to stand under %s%s/\n", out, where.origin, where.base)
	return nil
}

// pack writes twins beside all files of a folder.
func pack(dir string) error {
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !compressible(file) || packers[filepath.Ext(file)] != nil {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for suffix, pack := range packers {
			if err := os.WriteFile(file+suffix, pack(file, data), 0o644); err != nil {
				return err
			}
		}
		return nil
	})
}

// sweep removes from a folder what an earlier build left there: files that only
// differ from ours in the digest in their name.
func (s site) sweep(out string) error {
	for name := range s {
		if !hashed(name) {
			continue
		}
		pattern := hashedName.ReplaceAllString(name, ".????????????$1")
		found, err := filepath.Glob(filepath.Join(out, filepath.FromSlash(pattern)))
		if err != nil {
			return err
		}
		for _, file := range found {
			for _, suffix := range []string{"", ".br", ".gz"} {
				if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
			}
		}
	}
	return nil
}

// twin returns the twin of data from a folder, nil if it is not there.
func twin(folder, name string, data []byte) []byte {
	if folder == "" || !hashed(strings.TrimSuffix(name, filepath.Ext(name))) {
		return nil
	}
	packed, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	if got, err := unpack(filepath.Ext(name), packed); err != nil || !bytes.Equal(got, data) {
		return nil
	}
	return packed
}
