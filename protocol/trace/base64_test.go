package trace

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// Group base64, RFC 4648 §10 among it, both directions, recorder on and off.
func TestBase64Vectors(t *testing.T) {
	for _, v := range vectors(t, "base64") {
		octets := unhex(t, v.In.Octets)
		for _, r := range []*Recorder{nil, NewRecorder(Client)} {
			if got := r.Base64("b", r.Given("octets", octets, 0)); got.String() != v.Out.Base64 {
				t.Errorf("%s: Base64(%x) = %q, want %q", v.ID, octets, got, v.Out.Base64)
			}
			got, err := r.Unbase64("u", r.Text("spelling", v.Out.Base64, 0))
			if err != nil || !bytes.Equal(got.Octets, octets) {
				t.Errorf("%s: Unbase64(%q) = %x, %v, want %x", v.ID, v.Out.Base64, got.Octets, err, octets)
			}
			if r != nil {
				taken(t, r)
			}
		}
	}
}

// AUTH-22, AUTH-23, AUTH-24: group base64-reject, the optional rows too.
func TestBase64Reject(t *testing.T) {
	file, err := os.ReadFile("testdata/base64-reject.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []vector
	if err := json.Unmarshal(file, &rows); err != nil || len(rows) != 27 {
		t.Fatalf("%d vectors, want 27; %v", len(rows), err)
	}
	for _, v := range rows {
		r := NewRecorder(Server)
		got, err := r.Unbase64("u", r.Text("spelling", v.In.Text, 0))
		var at *Base64Error
		if !errors.As(err, &at) || got.Octets != nil {
			t.Errorf("%s: Unbase64(%q) = %x, %v, want a *Base64Error", v.ID, v.In.Text, got.Octets, err)
			continue
		}
		if at.Offset < 0 || at.Offset > len(v.In.Text) {
			t.Errorf("%s: Unbase64(%q): offset %d", v.ID, v.In.Text, at.Offset)
		}
		if steps := r.Take(); len(steps) != 1 || steps[0].Op != Given {
			t.Errorf("%s: %d steps noted, want the Given alone", v.ID, len(steps))
		}
	}
}

func TestBase64ErrorOffset(t *testing.T) {
	for _, c := range []struct {
		spelling string
		offset   int
	}{{"AAA!", 3}, {"AA\rAA", 2}, {"AAAA\n", 4}, {"*AAA", 0}, {"AAAA AAA", 4}} {
		_, err := (*Recorder)(nil).Unbase64("", Constant(c.spelling))
		var at *Base64Error
		if !errors.As(err, &at) || at.Offset != c.offset {
			t.Errorf("Unbase64(%q) fails with %v, want offset %d", c.spelling, err, c.offset)
		}
	}
}

// The groups are what RFC 4648 §4 describes: 24 bits as four sextets.
func TestBase64Groups(t *testing.T) {
	want := []struct{ octets, sextets, chars string }{
		{"tim", "1d06252d", "dGlt"},
		{"\x00t", "000710", "AHQ="},
	}
	check := func(name string, groups []Step) {
		t.Helper()
		if len(groups) != len(want) {
			t.Fatalf("%s: %d groups, want %d", name, len(groups), len(want))
		}
		for i, g := range groups {
			sextets := hex.EncodeToString(g.In[1].Octets)
			if g.Op != Group || g.N != i+1 || g.In[0].String() != want[i].octets || sextets != want[i].sextets ||
				g.Out.String() != want[i].chars {
				t.Errorf("%s: group %d = %q %s %q, want %q", name, g.N, g.In[0], sextets, g.Out, want[i])
			}
		}
	}
	r := NewRecorder(Client)
	spelling := r.Base64("b", r.Text("octets", "tim\x00t", Client))
	steps := taken(t, r)
	check("Base64", one(t, steps, "b").Sub)
	octets := find(steps, "group")[1].In[0]
	if len(octets.Parts) != 1 || octets.Parts[0] != (Part{1, 3, 2}) {
		t.Errorf("the second group's octets are from %v, want step 1, 3 to 5", octets.Parts)
	}
	r = NewRecorder(Server)
	if _, err := r.Unbase64("u", r.Received("line", spelling.Octets, false)); err != nil {
		t.Fatal(err)
	}
	check("Unbase64", one(t, taken(t, r), "u").Sub)
}

// A trace stays small whatever the input: 8 and 2 groups, N says how many.
func TestBase64Bounded(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 30: 10, 31: 10, 12288: 10} {
		r := NewRecorder(Client)
		b := r.Base64("b", r.Given("octets", make([]byte, n), 0))
		if _, err := r.Unbase64("u", b); err != nil {
			t.Fatal(err)
		}
		steps := taken(t, r)
		for _, label := range []string{"b", "u"} {
			s := one(t, steps, label)
			if s.N != (n+2)/3 || len(s.Sub) != want {
				t.Fatalf("%s of %d octets: N = %d with %d groups, want %d with %d", label, n, s.N, len(s.Sub), (n+2)/3, want)
			}
			if want == 10 && (s.Sub[7].N != 8 || s.Sub[8].N != s.N-1 || s.Sub[9].N != s.N) {
				t.Errorf("%s of %d octets keeps groups %d, %d, %d", label, n, s.Sub[7].N, s.Sub[8].N, s.Sub[9].N)
			}
		}
	}
}

func TestHex(t *testing.T) {
	for _, r := range []*Recorder{nil, NewRecorder(Client)} {
		digits := r.Hex("h", r.Text("v", "\x00\xb9\xff", 0))
		if digits.String() != "00b9ff" {
			t.Errorf("Hex = %q", digits)
		}
		for _, spelling := range []string{"00b9ff", "00B9fF"} {
			v, err := r.Unhex("u", r.Text("digits", spelling, 0))
			if err != nil || v.String() != "\x00\xb9\xff" {
				t.Errorf("Unhex(%q) = %q, %v", spelling, v, err)
			}
		}
		if _, err := r.Unhex("u", Constant("0")); !errors.Is(err, hex.ErrLength) {
			t.Errorf("Unhex of one digit: %v", err)
		}
		if r != nil {
			taken(t, r)
		}
	}
}

// What is accepted is canonical, and what encoding/base64 accepts strictly,
// CR and LF aside.
func FuzzBase64(f *testing.F) {
	for _, s := range []string{"", "=", "dGlt", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm", "AB==", "AAA=BBB", "AA\r\nAA", "QUIT", "A===", "//==", strings.Repeat("AAAA", 20) + "AA=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, wantErr := base64.StdEncoding.Strict().DecodeString(s)
		accept := wantErr == nil && !strings.ContainsAny(s, "\r\n")
		r := NewRecorder(Server)
		got, err := r.Unbase64("u", r.Text("spelling", s, 0))
		if (err == nil) != accept {
			t.Fatalf("Unbase64(%q): %v, want accepted: %v", s, err, accept)
		}
		var at *Base64Error
		if err != nil {
			if !errors.As(err, &at) || at.Offset < 0 || at.Offset > len(s) {
				t.Fatalf("Unbase64(%q): %v", s, err)
			}
			return
		}
		if !bytes.Equal(got.Octets, want) {
			t.Fatalf("Unbase64(%q) = %x, want %x", s, got.Octets, want)
		}
		if again := r.Base64("b", got); again.String() != s {
			t.Fatalf("Unbase64(%q) goes back to %q", s, again)
		}
		if err := Check(r.Take()); err != nil {
			t.Fatal(err)
		}
	})
}
