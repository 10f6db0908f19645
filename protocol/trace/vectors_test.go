package trace

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

//go:embed testdata/vectors.json
var vectorFile []byte

// A vector is one row of testdata/vectors.json; each group fills some fields.
type vector struct {
	ID string `json:"id"`
	In struct {
		Octets     string `json:"octets_hex"`
		Text       string `json:"text"`
		TextHex    string `json:"text_hex"`
		TextUTF8   string `json:"text_utf8"`
		Repeat     int    `json:"repeat"`
		Algorithm  string `json:"algorithm"`
		Hash       string `json:"hash"`
		Key        string `json:"key_hex"`
		Data       string `json:"data_hex"`
		Password   string `json:"password_hex"`
		Salt       string `json:"salt_hex"`
		Iterations int    `json:"iterations"`
		Length     int    `json:"length"`
	} `json:"in"`
	Steps struct {
		KeyHashed bool   `json:"key_hashed_first"`
		KeyBlock  string `json:"key_block_hex"`
		Ipad      string `json:"ipad_key_hex"`
		Opad      string `json:"opad_key_hex"`
		InnerHash string `json:"inner_hash_hex"`
	} `json:"steps"`
	Out struct {
		Base64  string `json:"base64"`
		Digest  string `json:"digest_hex"`
		HMAC    string `json:"hmac_hex"`
		Key     string `json:"key_hex"`
		TextHex string `json:"text_hex"`
	} `json:"out"`
	Expect string `json:"expect"`
}

// text is the message of a hash vector.
func (v vector) text() string { return strings.Repeat(v.In.TextUTF8, max(v.In.Repeat, 1)) }

// vectors returns a group, which must not be empty.
func vectors(t *testing.T, group string) []vector {
	t.Helper()
	var groups map[string][]vector
	if err := json.Unmarshal(vectorFile, &groups); err != nil {
		t.Fatal(err)
	}
	if len(groups[group]) == 0 {
		t.Fatalf("no vectors in group %q", group)
	}
	return groups[group]
}

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	octets, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

// alg finds a hash by its name in the vectors.
func alg(t *testing.T, name string) Alg {
	t.Helper()
	algs := map[string]Alg{"md4": MD4, "md5": MD5, "sha1": SHA1, "sha256": SHA256, "sha512": SHA512}
	if algs[name].New == nil {
		t.Fatalf("no hash %q", name)
	}
	return algs[name]
}

// taken returns the steps of r after checking that they hold together.
func taken(t *testing.T, r *Recorder) []Step {
	t.Helper()
	steps := r.Take()
	if len(steps) == 0 {
		t.Fatal("nothing was noted")
	}
	if err := Check(steps); err != nil {
		t.Fatal(err)
	}
	return steps
}

// find returns the steps of steps and inside them that have label.
func find(steps []Step, label string) []Step {
	var found []Step
	for _, s := range steps {
		if s.Label == label {
			found = append(found, s)
		}
		found = append(found, find(s.Sub, label)...)
	}
	return found
}

// one returns the only step with label.
func one(t *testing.T, steps []Step, label string) Step {
	t.Helper()
	found := find(steps, label)
	if len(found) != 1 {
		t.Fatalf("%d steps are labelled %q, want 1", len(found), label)
	}
	return found[0]
}
