package view

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// The arithmetic of SRP: what is computed stands in the symbols of the
// operands, and each operand says which step it is from.
func TestCardsOfSRP(t *testing.T) {
	s := tell(t, "srp")
	want := map[ID][]string{ // formula, then the names of the operands
		"label.A":         {"p^q mod n", "label.g", "label.a", "label.N"},
		"label.u":         {"", "label.A", "label.B"},
		"label.kv":        {"p · q mod n", "label.k", "label.v", "label.N"},
		"label.B-less-kv": {"p − q mod n", "label.B", "label.kv", "label.N"},
		"label.a-and-ux":  {"p + q", "label.a", "label.ux"},
		"label.S":         {"p^q mod n", "label.B-less-kv", "label.a-and-ux", "label.N"},
		"label.B-mod-N":   {"p mod n", "label.B", "label.N"},
	}
	met := map[ID]bool{}
	for at := range s.frames {
		for _, c := range s.Cards(at) {
			name := label(c.step.Label)
			if c.side != "client" || met[name] || c.Op == trace.Cut {
				continue
			}
			operands, known := want[name]
			if !known {
				continue
			}
			met[name] = true
			got := []string{c.Inside.Formula}
			for _, o := range c.From {
				got = append(got, string(o.Name.Label))
			}
			if !slices.Equal(got, operands) {
				t.Errorf("%s: %q, want %q", name, got, operands)
			}
			if c.Op == trace.Power && (c.From[0].Symbol != "p" || c.From[2].Symbol != "n" || c.Whole[0].Kind != Hex) {
				t.Errorf("%s: symbols %q and %q, shown as %v", name, c.From[0].Symbol, c.From[2].Symbol, c.Whole[0].Kind)
			}
		}
	}
	if len(met) != len(want) {
		t.Errorf("%d of %d cards", len(met), len(want))
	}
}
