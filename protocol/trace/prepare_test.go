package trace

import (
	"errors"
	"testing"
)

// SAS-03: group saslprep (RFC 4013 §3 and more), but for the row in which the
// RFCs contradict each other.
func TestPrepareVectors(t *testing.T) {
	for _, v := range vectors(t, "saslprep") {
		if v.Expect == "implementation-defined" {
			continue
		}
		in, want := unhex(t, v.In.TextHex), unhex(t, v.Out.TextHex)
		for _, r := range []*Recorder{nil, NewRecorder(Server)} {
			query, err := r.Prepare("prepared", r.Given("text", in, 0))
			stored, errStored := r.PrepareStored("prepared", r.Given("text", in, 0))
			if v.Expect == "reject" {
				if !errors.Is(err, ErrPrepare) || !errors.Is(errStored, ErrPrepare) {
					t.Errorf("%s: %q, %v; stored %q, %v; want ErrPrepare", v.ID, query, err, stored, errStored)
				}
			} else if err != nil || errStored != nil || query.String() != string(want) || stored.String() != string(want) {
				t.Errorf("%s: %q, %v; stored %q, %v; want %q", v.ID, query, err, stored, errStored, want)
			}
			if r != nil {
				taken(t, r)
			}
		}
	}
}

// SAS-04: U+0221, unassigned in Unicode 3.2, may be asked for, not stored.
func TestPrepareUnassigned(t *testing.T) {
	var r *Recorder
	if v, err := r.Prepare("", Constant("a\u0221")); err != nil || v.String() != "a\u0221" {
		t.Errorf("query: %q, %v", v, err)
	}
	if v, err := r.PrepareStored("", Constant("a\u0221")); !errors.Is(err, ErrPrepare) {
		t.Errorf("stored: %q, %v, want ErrPrepare", v, err)
	}
}

// SAS-04: newer characters are left as they are, not decomposed by the tables
// of a newer Unicode; around them all is as in Unicode 3.2.
func TestPrepareNewer(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\u1d2c", "\u1d2c"}, // U+0041 since Unicode 4.0
		{"e\u0301\u1d2ce\u0301\u00ad", "\u00e9\u1d2c\u00e9"},
		{"e\u0301", "\u00e9"},
	} {
		if v, err := (*Recorder)(nil).Prepare("", Constant(c.text)); err != nil || v.String() != c.want {
			t.Errorf("Prepare(%+q) = %+q, %v, want %+q", c.text, v.String(), err, c.want)
		}
	}
}

// PLA-02: what is not UTF-8 is refused, not repaired.
func TestPrepareUTF8(t *testing.T) {
	for _, s := range []string{"\xff", "a\xc0\xaf", "\xed\xa0\x80", "a\xe2\x82"} {
		if v, err := (*Recorder)(nil).Prepare("", Constant(s)); !errors.Is(err, ErrPrepare) {
			t.Errorf("Prepare(%q) = %q, %v, want ErrPrepare", s, v, err)
		}
	}
}
