package trace

import (
	"bytes"
	"crypto/hmac"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"testing"
)

// Groups md4 (RFC 1320 A.5), md5 (RFC 1321 A.5), sha1 (RFC 3174 §7.3), sha2 (RFC 6234 §8.5).
func TestHashVectors(t *testing.T) {
	for group, name := range map[string]string{"md4": "md4", "md5": "md5", "sha1": "sha1", "sha2": ""} {
		for _, v := range vectors(t, group) {
			a := alg(t, name+v.In.Algorithm)
			for _, r := range []*Recorder{nil, NewRecorder(Client)} {
				if got := r.Hash("digest", a, r.Text("text", v.text(), 0)); hex.EncodeToString(got.Octets) != v.Out.Digest {
					t.Errorf("%s: %x, want %s", v.ID, got.Octets, v.Out.Digest)
				}
				if r != nil {
					taken(t, r)
				}
			}
		}
	}
}

// The last block of "abc" is as RFC 1321 §3.1 and §3.2 say, the first state as
// in §3.3, and the state after the last block is the digest.
func TestMD5Blocks(t *testing.T) {
	r := NewRecorder(Client)
	text := r.Text("text", "abc", Client)
	digest := r.Hash("digest", MD5, text)
	s := one(t, taken(t, r), "digest")
	if s.Alg != "MD5" || s.N != 1 || len(s.Sub) != 2 {
		t.Fatalf("%s in %d blocks, %d sub-steps, want MD5, 1, 2", s.Alg, s.N, len(s.Sub))
	}
	block := append(append([]byte("abc\x80"), make([]byte, 52)...), 24, 0, 0, 0, 0, 0, 0, 0)
	b := s.Sub[1]
	if b.Op != Block || b.N != 1 || !bytes.Equal(b.In[1].Octets, block) {
		t.Errorf("block %d is %x, want %x", b.N, b.In[1].Octets, block)
	}
	if got := hex.EncodeToString(b.In[0].Octets); got != "0123456789abcdeffedcba9876543210" {
		t.Errorf("the initial state is %s", got)
	}
	if !bytes.Equal(b.Out.Octets, digest.Octets) {
		t.Errorf("the last state is %x, the digest %x", b.Out.Octets, digest.Octets)
	}
	if want := []Part{{text.Parts[0].Step, 0, 3}, {s.Sub[0].ID, 0, 61}}; len(b.In[1].Parts) != 2 ||
		b.In[1].Parts[0] != want[0] || b.In[1].Parts[1] != want[1] {
		t.Errorf("the block is from %v, want %v", b.In[1].Parts, want)
	}
}

// Whatever the length and however the text is split, blocks and digest fit;
// of more than 10 blocks the first 8 and the last 2 are noted.
func TestHashLengths(t *testing.T) {
	rng := rand.New(rand.NewPCG(1321, 6234))
	for _, a := range []Alg{MD4, MD5, SHA1, SHA256, SHA512} {
		size := a.New().BlockSize()
		for _, n := range []int{0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 300, 64 * 12, 128 * 12, 5000} {
			text := octets(rng, n)
			r := NewRecorder(Server)
			v := r.Given("text", text, 0)
			cut := rng.IntN(n + 1)
			got := r.Hash("digest", a, r.Cut("head", v, 0, cut), r.Cut("tail", v, cut, n))
			h := a.New()
			h.Write(text)
			if want := h.Sum(nil); !bytes.Equal(got.Octets, want) {
				t.Errorf("%s of %d octets = %x, want %x", a.Name, n, got.Octets, want)
			}
			s := one(t, taken(t, r), "digest")
			blocks := (n + 1 + size/8 + size - 1) / size // 0x80 and a length of an eighth of a block
			if s.N != blocks || len(s.Sub) != 1+min(blocks, 10) {
				t.Fatalf("%s of %d octets: N = %d, %d sub-steps; want %d blocks", a.Name, n, s.N, len(s.Sub), blocks)
			}
			whole := append(text, s.Sub[0].Out.Octets...)
			for _, b := range s.Sub[1:] {
				if at := (b.N - 1) * size; !bytes.Equal(b.In[1].Octets, whole[at:at+size]) || b.In[1].Parts == nil {
					t.Errorf("%s of %d octets: block %d is %x", a.Name, n, b.N, b.In[1].Octets)
				}
			}
		}
	}
}

// A hash that hides its state is computed; its blocks are not shown.
func TestHashHidden(t *testing.T) {
	hidden := Alg{"hidden", func() hash.Hash { return struct{ hash.Hash }{MD5.New()} }}
	r := NewRecorder(Client)
	got := r.Hash("digest", hidden, r.Text("text", "abc", 0))
	if want := (*Recorder)(nil).Hash("", MD5, Constant("abc")); !bytes.Equal(got.Octets, want.Octets) {
		t.Errorf("%x, want %x", got.Octets, want.Octets)
	}
	if s := one(t, taken(t, r), "digest"); len(s.Sub) != 0 {
		t.Errorf("%d sub-steps", len(s.Sub))
	}
}

// Group hmac-md5 (RFC 2202 §2) with its steps.
func TestHMACMD5Steps(t *testing.T) {
	for _, v := range vectors(t, "hmac-md5") {
		r := NewRecorder(Client)
		r.HMAC("digest", MD5, r.Given("key", unhex(t, v.In.Key), 0), r.Given("text", unhex(t, v.In.Data), 0))
		s := one(t, taken(t, r), "digest")
		labels := []string{"key-block", "inner-pad", "outer-pad", "inner-hash", "outer-hash"}
		want := []string{v.Steps.KeyBlock, v.Steps.Ipad, v.Steps.Opad, v.Steps.InnerHash, v.Out.HMAC}
		sub := s.Sub
		if v.Steps.KeyHashed {
			if sub[0].Op != Hash || sub[0].Label != "key-hash" {
				t.Fatalf("%s begins with %s %q", v.ID, sub[0].Op, sub[0].Label)
			}
			sub = sub[1:]
		}
		if len(sub) != len(labels) {
			t.Fatalf("%s: %d sub-steps", v.ID, len(sub))
		}
		for i := range sub {
			if got := hex.EncodeToString(sub[i].Out.Octets); sub[i].Label != labels[i] || got != want[i] {
				t.Errorf("%s: %s is %s, want %s %s", v.ID, sub[i].Label, got, labels[i], want[i])
			}
		}
		for i, octet := range map[int]byte{1: 0x36, 2: 0x5c} {
			if sub[i].Op != XOR || !bytes.Equal(sub[i].In[1].Octets, bytes.Repeat([]byte{octet}, 64)) {
				t.Errorf("%s: %s is not the key block XOR %#x repeated", v.ID, sub[i].Label, octet)
			}
		}
	}
}

// Groups hmac-md5, hmac-sha1 (RFC 2202) and hmac-sha2 (RFC 4231).
func TestHMACVectors(t *testing.T) {
	for group, name := range map[string]string{"hmac-md5": "md5", "hmac-sha1": "sha1", "hmac-sha2": ""} {
		for _, v := range vectors(t, group) {
			a := alg(t, name+v.In.Algorithm)
			for _, r := range []*Recorder{nil, NewRecorder(Server)} {
				got := r.HMAC("digest", a, r.Given("key", unhex(t, v.In.Key), 0), r.Given("text", unhex(t, v.In.Data), 0))
				if hex.EncodeToString(got.Octets) != v.Out.HMAC {
					t.Errorf("%s: %x, want %s", v.ID, got.Octets, v.Out.HMAC)
				}
				if r != nil {
					taken(t, r)
				}
			}
		}
	}
}

// CRM-03: as crypto/hmac and crypto/md5 over keys of 0 to 200 octets and texts
// of 0 to 300, recorder on and off.
func TestHMACRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(2104, 2195))
	for n := range 201 {
		for _, a := range []Alg{MD5, SHA256} {
			key, text := octets(rng, n), octets(rng, rng.IntN(301))
			mac := hmac.New(a.New, key)
			mac.Write(text)
			want := mac.Sum(nil)
			h := a.New()
			h.Write(text)
			digest := h.Sum(nil)
			for _, r := range []*Recorder{nil, NewRecorder(Client)} {
				k, x := r.Given("key", key, 0), r.Given("text", text, 0)
				if got := r.HMAC("digest", a, k, x); !bytes.Equal(got.Octets, want) {
					t.Fatalf("HMAC-%s(%x, %x) = %x, want %x", a.Name, key, text, got.Octets, want)
				}
				if got := r.Hash("hash", a, x); !bytes.Equal(got.Octets, digest) {
					t.Fatalf("%s(%x) = %x, want %x", a.Name, text, got.Octets, digest)
				}
				if r != nil {
					steps := taken(t, r)
					if hashed := len(find(steps, "key-hash")) == 1; hashed != (n > mac.BlockSize()) {
						t.Fatalf("key of %d octets hashed first: %v", n, hashed)
					}
				}
			}
		}
	}
}

// octets returns n random octets.
func octets(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}
