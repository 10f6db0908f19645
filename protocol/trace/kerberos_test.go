package trace

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// RFC 3962 appendix B: the samples of AES in CBC mode with ciphertext stealing,
// both ways, with a recorder and without.
func TestEncrypt(t *testing.T) {
	const text = "I would like the General Gau's Chicken, please, and wonton soup."
	key := Constant("chicken teriyaki")
	for _, c := range []struct {
		length int
		want   string
	}{
		{17, "c6353568f2bf8cb4d8a580362da7ff7f97"},
		{31, "fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5"},
		{32, "39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584"},
		{47, "97687268d6ecccc0c07b25e25ecfe584b3fffd940c16a18c1b5549d2f838029e39312523a78662d5be7fcbcc98ebf5"},
		{48, "97687268d6ecccc0c07b25e25ecfe5849dad8bbb96c4cdc03bc103e1a194bbd839312523a78662d5be7fcbcc98ebf5a8"},
		{64, "97687268d6ecccc0c07b25e25ecfe58439312523a78662d5be7fcbcc98ebf5a84807efe836ee89a526730dbc2f7bc8409dad8bbb96c4cdc03bc103e1a194bbd8"},
	} {
		r := NewRecorder(Client)
		plain := r.Text("plain", text[:c.length], 0)
		sealed, quiet := r.Encrypt("sealed", key, plain), (*Recorder)(nil).Encrypt("", key, plain)
		if got := hex.EncodeToString(sealed.Octets); got != c.want || !bytes.Equal(quiet.Octets, sealed.Octets) {
			t.Errorf("%d octets: %s, without a recorder %x, want %s", c.length, got, quiet.Octets, c.want)
		}
		opened, quiet := r.Decrypt("opened", key, sealed), (*Recorder)(nil).Decrypt("", key, sealed)
		if opened.String() != plain.String() || !bytes.Equal(quiet.Octets, opened.Octets) {
			t.Errorf("%d octets: %q, without a recorder %q", c.length, opened, quiet)
		}
		if steps := taken(t, r); len(steps) != 3 || steps[1].Op != Encrypt || steps[2].Op != Decrypt {
			t.Errorf("%+v", steps)
		}
	}
}

// A derived key is two blocks of AES for a key of 32 octets and one for a key of
// 16, of the constant folded to a block: RFC 3961 appendix A.1 has that of
// "kerberos".
func TestDeriveKey(t *testing.T) {
	for length, blocks := range map[int]int{16: 1, 32: 2} {
		r := NewRecorder(Server)
		key := r.Given("key", bytes.Repeat([]byte{7}, length), Store)
		out, quiet := r.DeriveKey("derived", key, Constant("kerberos")), (*Recorder)(nil).DeriveKey("", key, Constant("kerberos"))
		steps := taken(t, r)
		s := steps[1]
		if len(out.Octets) != length || !bytes.Equal(quiet.Octets, out.Octets) || len(s.Sub) != 1+blocks || s.Known != Server|Store {
			t.Fatalf("%d octets: %x, without a recorder %x; %+v", length, out.Octets, quiet.Octets, s)
		}
		if fold := hex.EncodeToString(s.Sub[0].Out.Octets); fold != "6b65726265726f737b9b5b2b93132b93" {
			t.Errorf("n-fold is %s", fold)
		}
		var made []byte
		for _, block := range s.Sub[1:] {
			made = append(made, block.Out.Octets...)
		}
		if !bytes.Equal(made, out.Octets) {
			t.Errorf("blocks %x make %x", made, out.Octets)
		}
	}
}

// What no key fits, or is less than a block, gives nothing and is not noted.
func TestEncryptRefuses(t *testing.T) {
	r := NewRecorder(Client)
	key, long := Value{Octets: make([]byte, 16)}, Value{Octets: make([]byte, 40)}
	for i, out := range []Value{
		r.Encrypt("", long, long), r.Decrypt("", Value{}, long), r.Encrypt("", key, Constant("short")), r.Decrypt("", key, Value{}),
		r.DeriveKey("", long, Constant("kerberos")), r.DeriveKey("", key, Value{}),
	} {
		if out.Octets != nil {
			t.Errorf("%d: %x", i, out.Octets)
		}
	}
	if steps := r.Take(); len(steps) != 0 {
		t.Errorf("%+v", steps)
	}
}
