package slim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// noType is that of a function without parameters and results.
const noType = "\x60\x00\x00"

// addStart adds a function with a body, and has it run before all others, when
// the memory has been filled.
func addStart(sections []section, body []byte) ([]section, error) {
	kind, functions := -1, uint64(0)
	for i := range sections {
		s := &sections[i]
		r := reader{octets: s.octets}
		switch s.id {
		case typeSection:
			for n, last := 0, int(r.unsigned()); n < last && r.err == nil; n++ {
				from := r.octets
				r.octet()  // that it is a function's
				r.vector() // parameters
				r.vector() // results
				if string(from[:len(from)-len(r.octets)]) == noType {
					kind = n
				}
			}
		case importSection:
			for last := functions + r.unsigned(); functions < last && r.err == nil; functions++ {
				r.vector() // module
				r.vector() // name
				if r.octet() != 0 {
					return nil, errors.New("it imports something else than functions")
				}
				r.unsigned() // type
			}
		case functionSection:
			if kind < 0 {
				return nil, errors.New("it has no function without parameters and results")
			}
			functions += r.unsigned()
			s.octets = grown(s.octets, binary.AppendUvarint(nil, uint64(kind)))
		case startSection:
			return nil, errors.New("it has a start function already")
		case codeSection:
			s.octets = grown(s.octets, appendVector(nil, body))
		}
		if r.err != nil {
			return nil, fmt.Errorf("section of id %d: %w", s.id, r.err)
		}
	}
	before := slices.IndexFunc(sections, func(s section) bool { return s.id > startSection })
	if before < 0 {
		return nil, errors.New("it has no code")
	}
	return slices.Insert(sections, before, section{startSection, binary.AppendUvarint(nil, functions)}), nil
}

// grown adds one to the things whose number stands before them.
func grown(octets, one []byte) []byte {
	r := reader{octets: octets}
	return slices.Concat(binary.AppendUvarint(nil, r.unsigned()+1), r.octets, one)
}
