package trace

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
)

// Upper case is character by character, and everything else stays.
func TestUpper(t *testing.T) {
	r := NewRecorder(Client)
	for text, want := range map[string]string{"User": "USER", "jürgen": "JÜRGEN", "straße": "STRAßE", "борис 1": "БОРИС 1", "": ""} {
		if got := r.Upper("upper", r.Text("text", text, Client)); got.String() != want {
			t.Errorf("%q in upper case is %q, want %q", text, got, want)
		}
	}
	taken(t, r)
}

// UTF-16LE there and back, beyond the first plane too; halves of pairs and odd
// numbers of octets are refused.
func TestUTF16(t *testing.T) {
	for text, digits := range map[string]string{"": "", "Password": "500061007300730077006f0072006400", "ü": "fc00", "\U0001f511": "3dd811dd"} {
		for _, r := range []*Recorder{nil, NewRecorder(Client)} {
			wide := r.UTF16("wide", r.Text("text", text, Client))
			back, err := r.FromUTF16("back", wide)
			if hex.EncodeToString(wide.Octets) != digits || err != nil || back.String() != text {
				t.Errorf("%q: %x, back %q, %v", text, wide.Octets, back, err)
			}
			if r != nil {
				taken(t, r)
			}
		}
	}
	for _, digits := range []string{"50", "500061", "3dd8", "3dd85000", "11dd", "11dd3dd8"} {
		if v, err := (*Recorder)(nil).FromUTF16("text", Value{Octets: unhex(t, digits)}); !errors.Is(err, ErrUTF16) {
			t.Errorf("%s is read as %q, %v", digits, v, err)
		}
	}
}

// A key of DES: seven bits an octet, all octets with an odd number of ones; and
// the example of FIPS 81 for the block.
func TestDES(t *testing.T) {
	for seven, want := range map[string]string{"00000000000000": "0101010101010101", "ffffffffffffff": "fefefefefefefefe",
		"50415353574f52": "5120546b34ba3da4", "01020304050607": "018080614029190e"} {
		for _, r := range []*Recorder{nil, NewRecorder(Client)} {
			got := r.DESKey("key", r.Given("seven", unhex(t, seven), Client))
			if len(got.Octets) != 8 {
				t.Fatalf("%d octets", len(got.Octets))
			}
			back := uint64(0)
			for _, b := range got.Octets {
				if ones := bytes.Count([]byte{b & 1, b >> 1 & 1, b >> 2 & 1, b >> 3 & 1, b >> 4 & 1, b >> 5 & 1, b >> 6 & 1, b >> 7}, []byte{1}); ones%2 != 1 {
					t.Errorf("%x has an even octet", got.Octets)
				}
				back = back<<7 | uint64(b>>1)
			}
			if digits := hex.EncodeToString([]byte{byte(back >> 48), byte(back >> 40), byte(back >> 32), byte(back >> 24), byte(back >> 16), byte(back >> 8), byte(back)}); digits != seven {
				t.Errorf("%x is made of %s, not of %s", got.Octets, digits, seven)
			}
			if hex.EncodeToString(got.Octets) != want {
				t.Errorf("%s: %x, want %s", seven, got.Octets, want)
			}
			if r != nil {
				taken(t, r)
			}
		}
	}
	r := NewRecorder(Client)
	got := r.DES("out", r.Given("key", unhex(t, "0123456789abcdef"), Client), r.Text("block", "Now is t", Client))
	if hex.EncodeToString(got.Octets) != "3fa40e8a984d4815" {
		t.Errorf("%x", got.Octets)
	}
	taken(t, r)
}

// The fields of a message are cuts of it, whoever made it; who knows the
// message knows them.
func TestFields(t *testing.T) {
	r := NewRecorder(Client)
	fields := []Field{{Label: "length", From: 0, To: 2, Reads: "3"}, {Label: "text", From: 2, To: 5}}
	made := r.Fields("message", fields, Value{Octets: []byte{3, 0}}, r.Text("text", "abc", Client))
	r.Sent("line", made, true)
	read := r.Fields("message", fields, r.Received("line", []byte("\x03\x00abc"), true))
	steps := taken(t, r)
	found := find(steps, "text")
	if !bytes.Equal(made.Octets, read.Octets) || len(found) != 3 {
		t.Fatalf("%q, %q, %d", made, read, len(found))
	}
	for _, s := range found {
		if s.Out.String() != "abc" || s.Known&Wire == 0 {
			t.Errorf("%+v", s)
		}
	}
	for _, s := range find(steps, "length") {
		if s.Reads != "3" || s.Op != Cut {
			t.Errorf("%+v", s)
		}
	}
	var quiet *Recorder
	if got := quiet.Fields("message", fields, made); !slices.Equal(got.Octets, made.Octets) {
		t.Errorf("%q", got)
	}
}
