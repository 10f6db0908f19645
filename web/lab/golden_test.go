//go:build !js

package lab

import (
	"embed"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// go test ./web/lab -update writes the golden files anew: what a component
// renders, one element a line. Read the difference before you keep it.
var update = flag.Bool("update", false, "write the golden files")

//go:embed testdata/*.html
var goldens embed.FS

// golden compares what a component renders with its file.
func golden(t *testing.T, name string, c app.Composer) {
	t.Helper()
	got := rendered(t, c)
	file := "testdata/" + name + ".html"
	if *update {
		if err := os.WriteFile(filepath.FromSlash(file), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := goldens.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", file, difference(got, string(want)))
	}
}

// rendered mounts a component and returns its HTML in a form that is always the same.
func rendered(t *testing.T, c app.Composer) string {
	t.Helper()
	d := app.NewClientTester(c)
	defer d.Close()
	d.Consume()
	return tidy(t, app.HTMLString(c))
}

func tidy(t *testing.T, fragment string) string {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), body)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range nodes {
		print(&b, n, "")
	}
	return b.String()
}

// print writes an element in one line, where it holds nothing but text, else its
// children in lines of their own.
func print(b *strings.Builder, n *html.Node, indent string) {
	if n.Type == html.TextNode {
		if s := strings.TrimSpace(n.Data); s != "" {
			b.WriteString(indent + s + "\n")
		}
		return
	}
	slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	b.WriteString(indent + "<" + n.Data)
	for _, a := range n.Attr {
		if a.Val == "" && strings.HasPrefix(a.Key, "aria-") {
			a.Val = "true" // which go-app leaves out
		}
		b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
	b.WriteString(">")
	if c := n.FirstChild; c == nil || c.Type == html.TextNode && c.NextSibling == nil {
		if c != nil {
			b.WriteString(c.Data)
		}
		b.WriteString("\n")
		return
	}
	b.WriteString("\n")
	for c := range n.ChildNodes() {
		print(b, c, indent+"  ")
	}
}

// difference is the first lines in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + strings.Join(g[i:min(i+3, len(g))], "\n     ") + "\nwant " + strings.Join(w[min(i, len(w)):min(i+3, len(w))], "\n     ")
		}
	}
	return "got less than " + w[len(g)]
}

// story runs a scenario, as it is or changed.
func story(t *testing.T, id string, changes ...func(*session.Setup)) *view.Story {
	t.Helper()
	sc, known := scenario.ByID(id)
	if !known {
		t.Fatalf("no scenario %q", id)
	}
	setup := sc.Setup()
	for _, change := range changes {
		change(&setup)
	}
	s, err := session.New(setup, sc.Inputs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Run()
	return view.Tell(s.Frames())
}

func TestBar(t *testing.T) {
	en, s := i18n.Load("en"), story(t, scenario.Default)
	golden(t, "bar-first", &bar{Text: en, At: 0, Len: 24, Next: s.Next(0)})
	golden(t, "bar-last", &bar{Text: en, At: 23, Len: 24, Next: s.Next(23)})
	golden(t, "bar-running", &bar{Text: i18n.Load("ru"), At: 10, Len: 24, Next: s.Next(10), Running: true,
		Note: view.Words{ID: "ui.note.shorter", Args: []any{"n", 11}}})
}

func TestPhases(t *testing.T) {
	golden(t, "phases", &phases{Text: i18n.Load("en"), Phases: story(t, scenario.Default).Phases, At: 10})
}

func TestSentence(t *testing.T) {
	sc, _ := scenario.ByID(scenario.Default)
	for _, lang := range i18n.Languages {
		slots := view.Slots(sc.Setup())
		golden(t, "sentence-"+lang, &sentence{Text: i18n.Load(lang), Setup: &slots})
	}
	token, _ := scenario.ByID("oauthbearer")
	slots := view.Slots(token.Setup())
	golden(t, "sentence-without-password", &sentence{Text: i18n.Load("en"), Setup: &slots})
}

func TestChooser(t *testing.T) {
	golden(t, "chooser", &chooser{Text: i18n.Load("en"), Scenario: "relay", Edited: true})
	golden(t, "chooser-open", &chooser{Text: i18n.Load("en"), Scenario: "relay", open: true})
}

func TestHeader(t *testing.T) {
	golden(t, "header", &header{Text: i18n.Load("zh"), Scenario: scenario.Default, Place: "cram-md5/11"})
}

func TestEntries(t *testing.T) {
	en := i18n.Load("en")
	for _, test := range []struct {
		name, id string
		at       int
		current  bool
	}{
		{"greeting", scenario.Default, 0, true},
		{"ehlo-reply", scenario.Default, 2, false},
		{"challenge", scenario.Default, 9, false},
		{"response", scenario.Default, 10, true},
		{"check-equal", scenario.Default, 11, true},
		{"message", scenario.Default, 19, false},
		{"end", scenario.Default, 23, true},
		{"check-accepted", "anonymous", 9, true},
		{"check-different", "wrong-password", 11, true},
		{"check-server", "scram-sha-256", 15, true},
		{"check-impostor", "scram-impostor", 9, true},
		{"refused", "wrong-password", 12, false},
		{"fault", "wrong-password", 13, false},
		{"end-refused", "wrong-password", 15, true},
		{"exposed", "login-clear", 7, true},
		{"nul", "plain-initial", 8, true},
		{"empty-challenge", "mox-v0.0.11", 4, true},
		{"departed", "unknown-mechanism", 8, true},
	} {
		golden(t, "entry-"+test.name, &entry{Text: en, Entry: &story(t, test.id).Entries[test.at], Current: test.current})
	}
}

// What TLS makes anew differs from run to run, so the handshake is made up.
func TestTube(t *testing.T) {
	en := i18n.Load("en")
	facts := tlslink.Facts{Version: "TLS 1.3", Suite: "TLS_AES_128_GCM_SHA256", Group: "x25519", Subject: "CN=mail.example.org",
		Names: "mail.example.org,mx.example.org", Issuer: "CN=Playground Root", NotBefore: "2025-12-16T09:30:00Z", NotAfter: "2026-03-16T09:30:00Z", Verified: true}
	records := []view.Record{
		{Toward: session.Server, Seen: "tls.record.handshake", Length: 517, Inside: []view.ID{"tls.message.client_hello"}},
		{Toward: session.Client, Seen: "tls.record.application_data", Length: 58, Sealed: true, Inside: []view.ID{"tls.message.finished"},
			Octets: []byte("\x17\x03\x03\x00\x35sealed"), Plain: []byte("\x14\x00\x00\x20")},
	}
	up := view.Tube{Facts: &facts, Records: records, Octets: 575}
	golden(t, "tube", &tube{Text: en, Tube: up})
	golden(t, "tube-open", &tube{Text: en, Tube: up, open: true})
	golden(t, "tube-broken", &tube{Text: en, Tube: view.Tube{Failure: &tlslink.Failure{ID: tlslink.WrongHost}, Records: records[:1], Octets: 517}})
	golden(t, "inspector-handshake", &inspector{Text: en, Sight: view.Sight{At: 5, Len: 24, Title: view.Words{ID: "ui.did.handshake"},
		Side: session.Client, Tube: &up, Records: records}})
	golden(t, "octets-record", &octets{Text: en, At: 23, Records: records[1:]})
}

// sight is what is seen of a frame, but for the TLS records.
func sight(s *view.Story, at int) view.Sight {
	v := s.Look(at)
	v.Records = nil
	return v
}

func TestInspector(t *testing.T) {
	en, s := i18n.Load("en"), story(t, scenario.Default)
	golden(t, "inspector-greeting", &inspector{Text: en, Sight: sight(s, 0)})
	golden(t, "inspector-response", &inspector{Text: en, Sight: sight(s, 10)})
	golden(t, "inspector-check", &inspector{Text: en, Sight: sight(s, 11)})
	golden(t, "inspector-end", &inspector{Text: en, Sight: sight(s, 23)})
	golden(t, "inspector-refused", &inspector{Text: en, Sight: sight(story(t, "wrong-password"), 11)})
	golden(t, "inspector-mox", &inspector{Text: en, Sight: sight(story(t, "mox-v0.0.11"), 5), Lacks: "ui.departs.wait"})
}

// Every card opens to what is inside it.
func TestOpenCards(t *testing.T) {
	en := i18n.Load("en")
	for _, test := range []struct {
		name, id string
		at       int
	}{{"cram-md5", scenario.Default, 10}, {"check", scenario.Default, 11}, {"plain", "plain-initial", 9}, {"ntlm", "ntlm", 11}} {
		s := story(t, test.id, func(s *session.Setup) { s.Client.TLS = client.StartTLS })
		all := map[int]bool{}
		for _, c := range s.Cards(test.at) {
			all[c.Number] = true
		}
		golden(t, "cards-"+test.name, &opened{inspector{Text: en, Sight: sight(s, test.at)}, all})
	}
}

// opened is an inspector whose reader has opened cards, and the first block.
type opened struct {
	inspector
	cards map[int]bool
}

func (o *opened) Render() app.UI {
	o.at, o.open, o.block = o.Sight.At, o.cards, 1
	return o.inspector.Render()
}
