package trace

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// Group pbkdf2: RFC 6070, RFC 7914 §11.
func TestPBKDF2Vectors(t *testing.T) {
	for _, v := range vectors(t, "pbkdf2") {
		for _, r := range []*Recorder{nil, NewRecorder(Server)} {
			got, err := r.PBKDF2("key", alg(t, v.In.Hash), r.Given("password", unhex(t, v.In.Password), 0),
				r.Given("salt", unhex(t, v.In.Salt), 0), v.In.Iterations, v.In.Length)
			if err != nil || hex.EncodeToString(got.Octets) != v.Out.Key {
				t.Errorf("%s: %x, %v, want %s", v.ID, got.Octets, err, v.Out.Key)
			}
			if r != nil {
				taken(t, r)
			}
		}
	}
}

// Sub has iterations 1, 2 and the last, and T after them is the result.
func TestPBKDF2Rounds(t *testing.T) {
	for _, c := range []struct {
		iterations, length int
		us, ts             []int
	}{
		{1, 32, []int{1}, nil},
		{2, 32, []int{1, 2}, []int{2}},
		{3, 32, []int{1, 2, 3}, []int{2, 3}},
		{4096, 32, []int{1, 2, 4096}, []int{2, 4096}},
		{4096, 20, []int{1, 2, 4096}, []int{2, 4096}},
		{3, 100, []int{1, 2, 3, 1, 2, 3}, []int{2, 3, 2, 3}}, // blocks 1 and 4 of 4
	} {
		for _, password := range []string{"password", string(bytes.Repeat([]byte("p"), 65))} {
			r := NewRecorder(Server)
			key, err := r.PBKDF2("key", SHA256, r.Text("password", password, Client), r.Text("salt", "salt", Store), c.iterations, c.length)
			if err != nil {
				t.Fatal(err)
			}
			s := one(t, taken(t, r), "key")
			if s.N != c.iterations || s.Known != Server {
				t.Errorf("N = %d, known to %s", s.N, s.Known)
			}
			us, ts := find(s.Sub, "U"), find(s.Sub, "T")
			if !sameNumbers(us, c.us) || !sameNumbers(ts, c.ts) {
				t.Fatalf("%d iterations, %d octets: U of %v, T of %v", c.iterations, c.length, numbers(us), numbers(ts))
			}
			if hashed := len(find(s.Sub, "key-hash")); len(find(s.Sub, "key-block")) != 1 || (hashed == 1) != (len(password) > 64) {
				t.Errorf("the key block is made %d times, the key hashed %d times", len(find(s.Sub, "key-block")), hashed)
			}
			if got := us[0].In[1].String(); got != "salt\x00\x00\x00\x01" {
				t.Errorf("U_1 is over %q", got)
			}
			last := us[0].Out
			if len(ts) > 0 {
				first := len(c.ts) - 1
				if c.length > 32 {
					first = 1
				}
				last = ts[first].Out
			}
			if n := min(c.length, 32); !bytes.Equal(last.Octets[:n], key.Octets[:n]) {
				t.Errorf("T_1 is %x, the key %x", last.Octets, key.Octets)
			}
		}
	}
}

func TestPBKDF2Length(t *testing.T) {
	for _, r := range []*Recorder{nil, NewRecorder(Server)} {
		for _, length := range []int{0, -1} {
			if v, err := r.PBKDF2("key", SHA1, Constant("p"), Constant("s"), 1, length); err == nil {
				t.Errorf("length %d gives %x", length, v.Octets)
			}
		}
	}
}

func numbers(steps []Step) []int {
	var ns []int
	for _, s := range steps {
		ns = append(ns, s.N)
	}
	return ns
}

func sameNumbers(steps []Step, want []int) bool {
	ns := numbers(steps)
	if len(ns) != len(want) {
		return false
	}
	for i := range ns {
		if ns[i] != want[i] {
			return false
		}
	}
	return true
}

func BenchmarkPBKDF2(b *testing.B) {
	for name, rec := range map[string]func() *Recorder{
		"plain": func() *Recorder { return nil }, "recorded": func() *Recorder { return NewRecorder(Server) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rec().PBKDF2("key", SHA256, Constant("password"), Constant("salt"), 4096, 32); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
