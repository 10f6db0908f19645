//go:build !js

package view

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/strictjson"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/link"
)

//go:embed testdata/hostile.json
var hostileFile []byte

// A hostileLink is a case of testdata/hostile.json, which says what its fields
// are.
type hostileLink struct {
	Name  string        `json:"name"`
	Form  string        `json:"form"`
	Says  string        `json:"says"`
	Parts []hostilePart `json:"parts"`
}

type hostilePart struct {
	Of     string `json:"of"`
	Base64 []byte `json:"base64"`
	Times  int    `json:"times"`
}

func (p *hostilePart) UnmarshalJSON(data []byte) error {
	p.Times = 1
	if data[0] == '"' {
		return json.Unmarshal(data, &p.Of)
	}
	type plain hostilePart
	return strictjson.Unmarshal(data, len(data), (*plain)(p))
}

func hostileLinks(t testing.TB) []hostileLink {
	t.Helper()
	var file struct {
		About string        `json:"about"`
		Cases []hostileLink `json:"cases"`
	}
	if err := strictjson.Unmarshal(hostileFile, len(hostileFile), &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// fragment is the case as the address has it.
func (h hostileLink) fragment(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	for _, p := range h.Parts {
		b.Write(bytes.Repeat([]byte(p.Of), p.Times))
		b.Write(bytes.Repeat(p.Base64, p.Times))
	}
	switch h.Form {
	case "fragment":
		return b.String()
	case "deflate":
		return "1." + base64.RawURLEncoding.EncodeToString(b.Bytes()) + "@1"
	case "set-up":
		return "1." + deflated(t, b.Bytes()) + "@1"
	}
	t.Fatalf("%s: form %q", h.Name, h.Form)
	return ""
}

func deflated(t testing.TB, octets []byte) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(octets)
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// What a link may cost, up to the story that the page shows.
const (
	hostileTime  = 10 * time.Second
	hostileSpace = 512 << 20 // octets allocated, in all
)

// Whatever a link holds, it leads to a session, or the page says in words why
// not; neither takes long or much memory.
func TestHostileLinks(t *testing.T) {
	for _, h := range hostileLinks(t) {
		t.Run(h.Name, func(t *testing.T) {
			said := arriveWithin(t, h.fragment(t))
			if want := "ui.link." + h.Says; said.ID != want && (said.ID != "" || h.Says != "") {
				t.Fatalf("it says %q, want %q", said.ID, h.Says)
			}
			if said.ID == "" {
				return
			}
			for _, lang := range i18n.Languages {
				sentence := i18n.Load(lang).T(said.ID, said.Args...)
				hidden := strings.ContainsFunc(sentence, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u00a0' })
				if n := len([]rune(sentence)); n > 400 || hidden || strings.ContainsAny(sentence, "{}") {
					t.Errorf("%s: %d characters: %q", lang, n, sentence)
				}
			}
		})
	}
}

// The whole path from a text to the session, within the same bounds. The data
// stand for a fragment, and for the JSON form that one holds.
func FuzzArrive(f *testing.F) {
	for _, h := range hostileLinks(f) {
		if fragment := h.fragment(f); len(fragment) <= session.MaxJSON {
			f.Add(fragment)
		}
	}
	for _, s := range scenario.All {
		form, err := session.Write(s.Setup(), s.Inputs)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(form))
	}
	f.Fuzz(func(t *testing.T, data string) {
		arriveWithin(t, data)
		if len(data) <= session.MaxJSON {
			within(t, func() Words { return arrive(link.Read("1." + deflated(t, []byte(data)))) })
		}
	})
}

func arriveWithin(t *testing.T, fragment string) Words {
	t.Helper()
	return within(t, func() Words { return arrive(link.Read(fragment)) })
}

// within fails where what is done takes too long or too much memory.
func within(t *testing.T, do func() Words) Words {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	said := do()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	used := after.TotalAlloc - before.TotalAlloc
	if t.Logf("%v, %d MiB", took, used>>20); took > hostileTime || used > hostileSpace {
		t.Errorf("%v, %d MiB", took, used>>20)
	}
	return said
}

// arrive goes where the page goes with what was read of a link, and says what it
// says.
func arrive(l link.Link, err error) Words {
	if bad := (*link.Error)(nil); errors.As(err, &bad) {
		return Words{bad.ID, bad.Args}
	}
	s, err := session.New(l.Setup, l.Inputs...)
	if err != nil {
		return Words{ID: "ui.link.impossible"}
	}
	defer s.Close()
	s.Run()
	s.Jump(l.At)
	Tell(s.Frames())
	return Words{}
}
