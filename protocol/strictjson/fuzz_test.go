package strictjson

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzUnmarshal compares the reader with encoding/json and with the slow reading
// of sound below: for any type it takes what is sound and nothing else; for one
// of ours it takes less, and what it takes encoding/json takes alike.
func FuzzUnmarshal(f *testing.F) {
	for _, text := range hostile() {
		f.Add([]byte(text[:min(len(text), 200)]))
	}
	for _, text := range []string{`{"list":[{"name":"x"}],"any":{"a":[1,"\ud83d\ude00"]}}`, `{"a":1,"a":2}`, `"\ud800"`, "\"\xff\"", `{"free":{"a":{}}} `} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 { // TestBounds has the long ones
			return
		}
		var tree any
		err := Unmarshal(text, 1<<12, &tree)
		if want := sound(text); (err == nil) != want {
			t.Fatalf("%q: %v, and sound is %v", text, err, want)
		}
		var got, want form
		if Unmarshal(text, 1<<12, &got) != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if bad := dec.Decode(&want); bad != nil || err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is read as %+v, want %+v, %v, %v", text, got, want, bad, err)
		}
	})
}

// sound reports whether text is what any reader would read alike.
func sound(text []byte) bool {
	if !json.Valid(text) || !utf8.Valid(text) || half(text) {
		return false
	}
	type level struct {
		object, value bool // value: one is next, not a name
		names         map[string]bool
	}
	levels := []level{{}}
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		token, err := dec.Token()
		if err != nil {
			return err == io.EOF
		}
		top := &levels[len(levels)-1]
		name, isText := token.(string)
		switch {
		case token == json.Delim('}') || token == json.Delim(']'):
			levels = levels[:len(levels)-1]
			continue
		case top.object && !top.value && isText:
			if top.names[name] {
				return false
			}
			top.names[name], top.value = true, true
			continue
		}
		if top.value = false; token == json.Delim('{') || token == json.Delim('[') {
			levels = append(levels, level{object: token == json.Delim('{'), names: map[string]bool{}})
			if len(levels)-1 > MaxDepth {
				return false
			}
		}
	}
}

var escape = regexp.MustCompile(`\\(?:u([0-9a-fA-F]{4})|.)`)

// half reports whether there is a surrogate that is no part of a pair.
func half(text []byte) bool {
	open, end := false, 0
	for _, m := range escape.FindAllSubmatchIndex(text, -1) {
		unit := uint64(0)
		if m[2] >= 0 {
			unit, _ = strconv.ParseUint(string(text[m[2]:m[3]]), 16, 16)
		}
		low := unit >= 0xdc00 && unit <= 0xdfff
		if open && (m[0] != end || !low) || !open && low {
			return true
		}
		open, end = !open && utf16.IsSurrogate(rune(unit)), m[1]
	}
	return open
}
