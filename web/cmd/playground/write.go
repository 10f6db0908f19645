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
)

// readProgram reads the program and, beside it, wasm_exec.js.
func readProgram(wasm string) (program, wasmExec []byte, err error) {
	if program, err = os.ReadFile(wasm); err != nil {
		return nil, nil, err
	}
	if !bytes.HasPrefix(program, []byte("\x00asm")) {
		return nil, nil, fmt.Errorf("%s is not a WebAssembly program", wasm)
	}
	wasmExec, err = os.ReadFile(filepath.Join(filepath.Dir(wasm), "wasm_exec.js"))
	return program, wasmExec, err
}

// writeSite writes the site to the folder out, with a .br and a .gz beside each
// file that can be compressed: hosts serve them in its stead, or the page asks
// for them. Twins of files that never change are taken from the folder twins,
// where they are there already: compressing the program takes a minute. The
// Worker's host sends no .br that it finds, so its site has none.
func writeSite(out, twins string, where place, wasm string) error {
	program, wasmExec, err := readProgram(wasm)
	if err != nil {
		return err
	}
	s, err := buildSite(where, program, wasmExec)
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
					all[suffix] = pack(data)
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
			if err := os.WriteFile(file+suffix, pack(data), 0o644); err != nil {
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
