package trace

import (
	"crypto/ed25519"
	"errors"
	"testing"
)

func TestUnbase64URL(t *testing.T) {
	for spelling, want := range map[string]string{"": "", "_-8": "\xff\xef", "AAAA": "\x00\x00\x00"} {
		for _, r := range []*Recorder{nil, NewRecorder(Server)} {
			if v, err := r.Unbase64URL("v", r.Text("s", spelling, 0)); err != nil || v.String() != want {
				t.Errorf("%q: %q, %v", spelling, v, err)
			}
		}
	}
	for _, spelling := range []string{"_-8=", "/+8", "A", "AB\n", "AA\r\nAA", "_-9", "AAA A"} {
		var bad *Base64Error
		if v, err := NewRecorder(Server).Unbase64URL("v", Constant(spelling)); !errors.As(err, &bad) {
			t.Errorf("%q: %q, %v", spelling, v, err)
		}
	}
}

func TestVerify(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, text := Value{Octets: key.Public().(ed25519.PublicKey)}, Constant("text")
	right := Value{Octets: ed25519.Sign(key, text.Octets)}
	for _, r := range []*Recorder{nil, NewRecorder(Server)} {
		if !r.Verify("v", public, text, right) || r.Verify("v", public, Constant("texT"), right) ||
			r.Verify("v", Value{}, text, right) || r.Verify("v", public, text, Value{}) {
			t.Error("Verify is wrong")
		}
		if steps := r.Take(); r != nil && (len(steps) != 4 || !steps[0].Holds || steps[1].Holds) {
			t.Errorf("%+v", steps)
		}
	}
}
