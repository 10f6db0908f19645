package issuer

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
)

// The same seed and claims give the same token, another seed another
// signature, and the public key checks it.
func TestSign(t *testing.T) {
	claims := Claims{"https://login.example", "tim", "mx.example", "smtp", 1, 2}
	key, err := NewKey([]byte("seed"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := Sign(key, claims)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	decode := func(part string) string {
		octets, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		return string(octets)
	}
	if len(parts) != 3 || decode(parts[0]) != Header ||
		decode(parts[1]) != `{"iss":"https://login.example","sub":"tim","aud":"mx.example","scope":"smtp","iat":1,"exp":2}` {
		t.Fatalf("%s", token)
	}
	signed := []byte(parts[0] + "." + parts[1])
	if !ed25519.Verify(key.Public().(ed25519.PublicKey), signed, []byte(decode(parts[2]))) {
		t.Error("the signature is wrong")
	}
	again, _ := NewKey([]byte("seed"))
	if same, _ := Sign(again, claims); same != token {
		t.Errorf("%s, then %s", token, same)
	}
	other, _ := NewKey([]byte("seeD"))
	if ed25519.Verify(other.Public().(ed25519.PublicKey), signed, []byte(decode(parts[2]))) {
		t.Error("another seed has the same key")
	}
}
