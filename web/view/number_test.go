package view

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/sasl"
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

// Both sides have S and K, and nobody else; the store has v and can be guessed
// on, who listens has nothing.
func TestKnowledgeOfSRP(t *testing.T) {
	s := tell(t, "srp")
	accounts := []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.StoredSRP}}
	k := s.Knows(len(s.frames)-1, Both, accounts)
	want := map[ID][]Holding{ // client, server, store, who listens
		"label.x": {Has, HasNot, HasNot, HasNot}, "label.v": {Has, Has, Has, HasNot}, "label.stored-v": {Has, Has, Has, HasNot},
		"label.S": {Has, Has, HasNot, HasNot}, "label.K": {Has, Has, HasNot, HasNot}, "label.password": {Has, HasNot, Guess, HasNot},
	}
	met := 0
	for _, row := range k.Rows {
		holdings, listed := want[row.Name]
		if !listed {
			continue
		}
		met++
		for i, c := range row.Cells {
			if c.Holding != holdings[i] {
				t.Errorf("%s: %s has it: %s, want %s", row.Name, knowers[i].name, c.Holding, holdings[i])
			}
		}
	}
	if met != 5 { // v is one value, whoever made it
		t.Errorf("%d rows", met)
	}
}

// Both sides have the session key and the key for the connection; the service's
// key is the server's and its store's, and the password is the client's alone.
func TestKnowledgeOfGSSAPI(t *testing.T) {
	s := tell(t, "gssapi")
	accounts := []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Hashed}}
	k := s.Knows(len(s.frames)-1, Both, accounts)
	want := map[ID][]Holding{ // client, server, store, who listens
		"label.session-key": {Has, Has, HasNot, HasNot}, "label.subkey": {Has, Has, HasNot, HasNot},
		"label.service-key": {HasNot, Has, Has, HasNot}, "label.password": {Has, HasNot, Guess, HasNot},
	}
	met := 0
	for _, row := range k.Rows {
		holdings, listed := want[row.Name]
		if !listed {
			continue
		}
		met++
		for i, c := range row.Cells {
			if c.Holding != holdings[i] {
				t.Errorf("%s: %s has it: %s, want %s", row.Name, knowers[i].name, c.Holding, holdings[i])
			}
		}
	}
	if met != len(want) {
		t.Errorf("%d rows", met)
	}
}
