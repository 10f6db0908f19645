// Package slim makes a program that Go has linked for js/wasm smaller to
// download. It takes out what the runtime only prints in tracebacks, has the
// program compute tables that follow from others, and cuts the memory into fewer
// segments. The program runs as before, but a traceback has no names and no
// lines.
package slim

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Sections of a module (WebAssembly Core 2.0 §5.5.2), which stand in this order;
// custom ones anywhere.
const (
	customSection   = 0
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	memorySection   = 5
	startSection    = 8
	codeSection     = 10
	dataSection     = 11
)

// header is the magic and the version of a module (§5.5.16).
var header = []byte("\x00asm\x01\x00\x00\x00")

// A section is one of a module, without its length.
type section struct {
	id     byte
	octets []byte
}

// Program returns a smaller program in place of one. An error says what about
// it is not as the Go that is known links it.
func Program(module []byte) ([]byte, error) {
	sections, err := parse(module)
	if err != nil {
		return nil, err
	}
	if err := checkRelease(sections); err != nil {
		return nil, err
	}
	image, err := memory(sections)
	if err != nil {
		return nil, err
	}
	f, err := find(image)
	if err != nil {
		return nil, err
	}
	if err := f.strip(); err != nil {
		return nil, err
	}
	start, err := f.computeIndex()
	if err != nil {
		return nil, err
	}
	if sections, err = addStart(sections, start); err != nil {
		return nil, err
	}
	return write(sections, image), nil
}

// parse cuts a module into its sections.
func parse(module []byte) (sections []section, err error) {
	rest, ok := bytes.CutPrefix(module, header)
	if !ok {
		return nil, errors.New("it is not a WebAssembly module of version 1")
	}
	for r := (reader{octets: rest}); len(r.octets) > 0; {
		s := section{id: r.octet(), octets: r.vector()}
		if r.err != nil {
			return nil, fmt.Errorf("section %d: %w", len(sections), r.err)
		}
		sections = append(sections, s)
	}
	return sections, nil
}

// write makes a module of sections, with an image in place of the data.
func write(sections []section, image []byte) []byte {
	module := bytes.Clone(header)
	for _, s := range sections {
		if s.id == dataSection {
			s.octets = data(image)
		}
		module = append(module, s.id)
		module = appendVector(module, s.octets)
	}
	return module
}

// release is the Go whose layout strip knows.
const release = "go1.26."

// checkRelease reads which Go linked the program, in the section of producers
// (cmd/link/internal/wasm, writeProducerSec).
func checkRelease(sections []section) error {
	for _, s := range sections {
		r := reader{octets: s.octets}
		if s.id != customSection || string(r.vector()) != "producers" {
			continue
		}
		r.unsigned() // fields; the language is the first
		r.vector()   // its name
		r.unsigned() // values
		name, version := string(r.vector()), string(r.vector())
		switch {
		case r.err != nil:
			return fmt.Errorf("section of producers: %w", r.err)
		case name != "Go":
			return fmt.Errorf("it was written in %q", name)
		case !strings.HasPrefix(version, release):
			return fmt.Errorf("%s linked it, and only the layout of %sx is known", version, release)
		}
		return nil
	}
	return errors.New("it does not say which Go linked it")
}
