package view

import (
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/scenario"
)

// A Place is where a reader stands: a step of a scenario. It is written into
// the fragment of an address: "cram-md5/11", steps from 1.
type Place struct {
	Scenario string
	At       int // frame, from 0
}

// String gives the fragment.
func (p Place) String() string { return p.Scenario + "/" + strconv.Itoa(p.At+1) }

// PlaceOf reads a fragment. What it does not know is the beginning of the
// default scenario.
func PlaceOf(fragment string) Place {
	id, step, _ := strings.Cut(fragment, "/")
	if _, known := scenario.ByID(id); !known {
		return Place{Scenario: scenario.Default}
	}
	n, err := strconv.Atoi(step)
	if err != nil {
		n = 1
	}
	return Place{id, max(n, 1) - 1}
}
