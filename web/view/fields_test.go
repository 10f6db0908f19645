//go:build !js

package view

import (
	"fmt"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// A message laid open: where each field stands, its octets, what they say. What
// goes on from a field leads back to the message's card.
func TestFields(t *testing.T) {
	cards := tell(t, "ntlm").Cards(11)
	i := slices.IndexFunc(cards, func(c Card) bool {
		return c.Op == trace.Fields && c.Title.Args[1].([]ID)[0] == "label.CHALLENGE_MESSAGE"
	})
	if i < 0 {
		t.Fatal("no such card")
	}
	var got []string
	for _, f := range cards[i].Inside.Fields {
		got = append(got, fmt.Sprint(f.At, " ", f.Name, " ", join(f.Octets), " ", f.Reads))
	}
	for _, want := range []string{"0 label.Signature 4e544c4d53535000 ", "8 label.MessageType 02000000 2", "12 label.TargetNameFields 0c000c0038000000 Len 12, MaxLen 12, BufferOffset 56",
		"24 label.ServerChallenge 0123456789abcdef ", "56 label.TargetName 44006f006d00610069006e00 Domain", "158 label.MsvAvTimestamp 07000800005c13850186dc01 2026-01-15T09:30:00Z"} {
		if !slices.Contains(got, want) {
			t.Errorf("no field %q in %q", want, got)
		}
	}
	if !slices.IsSortedFunc(cards[i].Inside.Fields, func(a, b FieldRow) int { return a.At - b.At }) || len(cards[i].Whole) > 0 {
		t.Errorf("%q", got)
	}
	for _, c := range tell(t, "ntlm").Cards(12) {
		for _, o := range c.From {
			if o.Name.Label == "label.ServerChallenge" && (len(o.How) != 1 || o.How[0].ID != "ui.how.card") {
				t.Errorf("the challenge comes from %v", o.How)
			}
		}
	}
}

// The three keys of NTLMv1: seven bits and one more in each octet.
func TestSpread(t *testing.T) {
	if got := spread([]byte{0x01, 0x80, 0xfe}); got != "0000000·1 1000000·0 1111111·0" {
		t.Error(got)
	}
	n := 0
	for _, c := range tell(t, "ntlm-v1").Cards(12) {
		if c.Op == trace.DESKey {
			n++
			if c.Inside.Formula != spread(c.step.Out.Octets) {
				t.Errorf("%q", c.Inside.Formula)
			}
		}
	}
	if n != 3 {
		t.Errorf("%d keys", n)
	}
}
