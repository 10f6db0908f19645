package trace

import (
	"strings"
	"testing"
)

// Check finds each kind of fault.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		fault string
		spoil func([]Step)
		want  string
	}{
		{"an ID twice", func(s []Step) { s[1].ID = s[0].ID }, "after step"},
		{"a part that starts late", func(s []Step) { s[2].In[0].Parts = []Part{{1, 1, 3}} }, "out of range"},
		{"a part of other octets", func(s []Step) { s[2].In[0].Parts = []Part{{2, 0, 3}} }, "other octets"},
		{"a part of a later step", func(s []Step) { s[2].In[0].Parts = []Part{{4, 0, 3}} }, "not there yet"},
		{"a gap", func(s []Step) { s[2].In[0].Parts = []Part{{1, 0, 2}} }, "cover 2 octets of 3"},
		{"an Out without origin", func(s []Step) { s[0].Out.Parts = nil }, "no origin"},
		{"a wrong XOR", func(s []Step) { s[2].In[1] = Value{Octets: []byte("xyx")} }, "XOR"},
		{"XOR of unequal lengths", func(s []Step) { s[2].In[1] = Value{Octets: []byte("xy")} }, "lengths"},
		{"a wrong comparison", func(s []Step) { s[3].Holds = true }, "comparison"},
		{"a wrong concatenation", func(s []Step) { s[4].In = s[4].In[:1] }, "joined"},
		{"a wrong cut", func(s []Step) { s[5].In[0] = Value{Octets: []byte("zzz")} }, "no range"},
		{"a wrong chaining state", func(s []Step) { s[6].Sub[2].In[0] = Value{Octets: make([]byte, 16)} }, "another state"},
		{"blocks out of order", func(s []Step) { s[6].Sub[2].N = 1 }, "after block"},
		{"a block missing at the end", func(s []Step) { s[6].N++ }, "last block"},
		{"a wrong inner hash", func(s []Step) { s[7].Sub[3].In[1] = Value{Octets: []byte("zzz")} }, "do not fit"},
		{"no outer hash", func(s []Step) { s[7].Sub = s[7].Sub[:4] }, "no inner and outer"},
		{"a wrong power", func(s []Step) { s[9].In[0] = Value{Octets: []byte{5}} }, "another number"},
		{"a wrong key", func(s []Step) { s[11].In[1] = Value{Octets: []byte("zzz")} }, "another key"},
		{"a wrong ciphertext", func(s []Step) { s[12].In[0] = Value{Octets: make([]byte, 16)} }, "another text"},
		{"a wrong plaintext", func(s []Step) { s[13].In[0] = Value{Octets: make([]byte, 16)} }, "another text"},
		{"something else sent", func(s []Step) { s[8].In[0] = Value{Octets: []byte("zzz")} }, "differs"},
	} {
		r := NewRecorder(Client)
		a, b := r.Text("a", "abc", 0), r.Text("b", "xyz", 0)
		r.XOR("x", a, b)
		r.Compare("e", a, b)
		r.Concat("c", a, b)
		r.Cut("d", a, 0, 1)
		r.Hash("h", MD5, repeated(a, 30))
		r.HMAC("m", MD5, a, b)
		r.Sent("s", a, true)
		r.Number(Power, "p", a, b, Constant("\x0b"))
		key := r.DeriveKey("k", r.Text("s", "sixteen octets!!", 0), Constant("kerberos"))
		r.Decrypt("d", key, r.Encrypt("e", key, key))
		steps := taken(t, r)
		c.spoil(steps)
		err := Check(steps)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.fault, err, c.want)
		}
	}
}

// repeated returns v several times over.
func repeated(v Value, times int) Value {
	vs := make([]Value, times)
	for i := range vs {
		vs[i] = v
	}
	return join(vs, 0)
}
