// Which rules hold, by which tests, and why the others do not apply.
package protocol_test

import (
	"embed"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/held"
)

//go:embed testdata/held.txt
var heldText string

//go:embed */testdata/held.tsv
var carriedFiles embed.FS

// How a rule is held for a side, as testdata/held.txt has it. Rows of byEvent
// are written by -update, all others by hand.
const (
	byEvent = "event" // an event carried it while a test ran that names it
	byTest  = "test"  // no event carries it: a test holds it, and why no event does
	byNone  = "none"  // it does not apply, and why
	byPage  = "page"  // it speaks of what the page says
)

// reasons say why no event carries a rule that a test holds; testdata/README.md
// explains them.
var reasons = []string{"accepted", "below", "every", "listed", "never", "other", "sent", "state", "value"}

// A holding is a row: of byEvent and byTest with tests, of byTest and byNone
// with a reason.
type holding struct {
	kind, tests, why string
}

// A binding is a rule and a side that it binds.
type binding struct {
	rule string
	side held.Side
}

func (b binding) row(h holding) string {
	columns := []string{b.rule, string(b.side), h.kind, h.tests, h.why}
	return strings.Join(slices.DeleteFunc(columns, func(c string) bool { return c == "" }), "\t") + "\n"
}

// readHeld reads testdata/held.txt without what stands above its rows.
func readHeld(t *testing.T) (above string, rows map[binding]holding) {
	t.Helper()
	rows = map[binding]holding{}
	for line := range strings.Lines(heldText) {
		if strings.HasPrefix(line, "#") {
			above += line
			continue
		}
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		b, h, columns := binding{}, holding{}, map[string]int{byEvent: 4, byTest: 5, byNone: 4, byPage: 3}
		if len(c) > 2 {
			b, h.kind = binding{c[0], held.Side(c[1])}, c[2]
		}
		if _, twice := rows[b]; twice || len(c) != columns[h.kind] || slices.Contains(c, "") {
			t.Fatalf("testdata/held.txt: %q stands twice, or is no row", line)
		}
		switch h.kind {
		case byNone:
			h.why = c[3]
		case byTest:
			h.tests, h.why = c[3], c[4]
		}
		rows[b] = h
	}
	return above, rows
}

// carried are the tests in which events carried a rule that they name, as the
// packages keep them.
func carried(t *testing.T) map[binding]string {
	t.Helper()
	tests := map[binding]string{}
	for _, folder := range []string{"client", "sasl", "server"} {
		text, err := carriedFiles.ReadFile(folder + "/" + held.List)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			b := binding{c[0], held.Side(c[1])}
			for name := range strings.FieldsSeq(c[2]) {
				tests[b] = strings.TrimSpace(tests[b] + " " + inFolder(folder, name))
			}
		}
	}
	return tests
}

// inFolder is the name of a test or of a dialogue, with its folder:
// "sasl.TestTokens", "server/tls.txt".
func inFolder(folder, name string) string {
	if path.Ext(name) == ".txt" {
		return folder + "/" + name
	}
	return folder + "." + name
}

// names are the rules that tests name, by their names with folders.
func names(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := fs.WalkDir(testFiles, ".", func(folder string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || folder == "netio/judges" { // judges may not be there
			return err
		}
		files, err := fs.Sub(testFiles, folder)
		if err != nil {
			return err
		}
		texts, err := held.Texts(files)
		for name, text := range texts {
			test, _, _ := strings.Cut(name, ":")
			test = inFolder(folder, test)
			all[test] = append(all[test], held.Rules(text)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// bindings are the rules with the sides that they bind.
func bindings(rules map[string]rule) (all []binding) {
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		for _, side := range []held.Side{held.Client, held.Server} {
			if who := rules[id].who; who == "both" || who == string(side) {
				all = append(all, binding{id, side})
			}
		}
	}
	return all
}

// TestRules: each of the 338 rules is held, for each side that it binds: events
// carried it in a test, or else a test holds it, or it stands apart, with the
// reason. testdata/held.txt is the list, and the README beside it counts.
func TestRules(t *testing.T) {
	above, rows := readHeld(t)
	rules, events, named := readRules(t), carried(t), names(t)
	holdings := map[binding]holding{}
	for _, b := range bindings(rules) {
		h, found := rows[b]
		delete(rows, b)
		switch by := events[b]; {
		case by != "" && found && h.kind != byEvent:
			t.Errorf("%v: events carry it in %s, so its row of kind %s goes", b, by, h.kind)
		case by != "":
			h = holding{kind: byEvent, tests: by}
		case !found || h.kind == byEvent:
			t.Errorf("%v: no event carries it in a test that names it, and testdata/held.txt does not say what else holds it", b)
			continue
		}
		for test := range strings.FieldsSeq(h.tests) {
			other, _, _ := strings.Cut(strings.ReplaceAll(test, "/", "."), ".")
			if !slices.Contains(named[test], b.rule) || b.side == held.Server && other == "client" || b.side == held.Client && other == "server" {
				t.Errorf("%v: %s is no test, or is the other side's, or does not name it", b, test)
			}
		}
		if h.kind == byTest && !slices.Contains(reasons, h.why) {
			t.Errorf("%v: %q does not say why no event carries it", b, h.why)
		}
		holdings[b] = h
	}
	for b := range rows {
		t.Errorf("%v: no rule, or it does not bind that side", b)
	}
	if t.Failed() { // nothing that is written by hand is to be lost
		return
	}
	list := above
	for _, b := range bindings(rules) {
		list += b.row(holdings[b])
	}
	compare(t, "testdata/held.txt", heldText, list)
	readme(t, account(rules, holdings))
}
