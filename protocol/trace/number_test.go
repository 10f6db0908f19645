package trace

import (
	"bytes"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		op   Op
		in   []string
		want string
	}{
		{Remainder, []string{"\x64", "\x07"}, "\x02"},
		{Remainder, []string{"\x01\x00", "\x10"}, ""},
		{Remainder, []string{"\x05", ""}, ""},
		{Sum, []string{"\xff", "\x00\x01"}, "\x01\x00"},
		{Sum, []string{"\xff", "\x01", "\x03"}, "\x01"},
		{Difference, []string{"\x02", "\x05", "\x07"}, "\x04"},
		{Difference, []string{"\x05", "\x05", "\x07"}, ""},
		{Product, []string{"\x10", "\x11"}, "\x01\x10"},
		{Product, []string{"\x10", "\x11", "\x10\x00"}, "\x01\x10"},
		{Product, []string{"\x10", "", "\x07"}, ""},
		{Power, []string{"\x03", "\x04", "\x07"}, "\x04"},
		{Power, []string{"\x03", "\x04", ""}, ""},
		{Power, []string{"\x03", "", "\x07"}, "\x01"},
		{Power, nil, ""}, {Sum, []string{"\x01"}, ""},
	} {
		var in []Value
		r := NewRecorder(Client)
		for _, octets := range c.in {
			in = append(in, r.Given("given", []byte(octets), 0))
		}
		got, quiet := r.Number(c.op, "number", in...), (*Recorder)(nil).Number(c.op, "", in...)
		if got.String() != c.want || !bytes.Equal(quiet.Octets, got.Octets) {
			t.Errorf("%s of %q is %q, without a recorder %q, want %q", c.op, c.in, got, quiet, c.want)
		}
		steps := taken(t, r)
		if last := steps[len(steps)-1]; last.Op != c.op || len(last.In) != len(in) {
			t.Errorf("%s: %+v", c.op, last)
		}
	}
}

// Who knows all operands knows the number.
func TestNumberKnown(t *testing.T) {
	r := NewRecorder(Server)
	open, secret := r.Text("open", "a", Everybody), r.Text("secret", "b", Store)
	r.Number(Sum, "sum", open, secret)
	r.Number(Power, "power", open, Constant("\x02"), Constant(strings.Repeat("\xff", 20)))
	steps := taken(t, r)
	if steps[2].Known != Server|Store || steps[3].Known != Everybody {
		t.Errorf("known to %s and %s", steps[2].Known, steps[3].Known)
	}
}
