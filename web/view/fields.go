package view

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// A FieldRow is one field of a message that was laid open.
type FieldRow struct {
	Name   ID
	At     int   // octets before it in the message
	Octets []Run // short
	Reads  string
	Track  Track
}

// fieldValue is how many digits a row shows.
const fieldValue = 48

// fields are the rows of a Fields step, in the order in which they stand in the
// message; what is inside another field comes behind it.
func (s *Story) fields(c *Card) []FieldRow {
	var all []FieldRow
	whole := c.step.Out
	for _, sub := range c.step.Sub {
		at, is := offset(whole, sub.Out, 0), s.origins.spans(c.side, resultPlace(sub.ID), sub.Out.Parts)
		all = append(all, FieldRow{Name: label(sub.Label), At: at, Reads: sub.Reads, Track: Track{is, is},
			Octets: cutRuns([]Run{{Hex, hex.EncodeToString(sub.Out.Octets)}}, fieldValue)})
	}
	slices.SortStableFunc(all, func(a, b FieldRow) int { return a.At - b.At })
	return all
}

// spread shows how DESKey has put seven bits into each octet, with the bit that
// it has added behind a dot.
func spread(key []byte) string {
	octets := make([]string, len(key))
	for i, b := range key {
		octets[i] = fmt.Sprintf("%07b·%b", b>>1, b&1)
	}
	return strings.Join(octets, " ")
}

// laidOpen tells whether a step is a field of the card's message.
func (c *Card) laidOpen(id int) bool {
	return c.Op == trace.Fields && slices.ContainsFunc(c.step.Sub, func(sub trace.Step) bool { return sub.ID == id })
}
