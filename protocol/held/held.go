// Package held notes, while the tests of a package run, which rules the events
// of the machines carry: what is noted in a test that names the rule proves that
// the rule is held. Nothing but tests imports it.
package held

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A Side is that of the machine whose event it was.
type Side string

const (
	Server Side = "server"
	Client Side = "client"
)

// A note says that in a test, a key of Texts, an event of a side carried a rule.
type note struct {
	test string
	side Side
	rule string
}

var (
	mutex sync.Mutex
	notes = map[note]bool{}
)

// Note notes that events of a side carried rules while t ran. An empty rule is
// none.
func Note(t testing.TB, side Side, rules ...string) {
	mutex.Lock()
	defer mutex.Unlock()
	for _, rule := range rules {
		if rule != "" {
			notes[note{testOf(t.Name()), side, rule}] = true
		}
	}
}

// testOf is the test that a subtest belongs to; one that plays a dialogue,
// "TestDialogues/auth.txt:12", is a test of its own.
func testOf(name string) string {
	name, sub, _ := strings.Cut(name, "/")
	if strings.Contains(sub, ".txt:") {
		return sub
	}
	return name
}

// list has a line for each rule and side of the notes, with the tests that name
// the rule, dialogues by their files:
//
//	AUTH-10	server	TestOutcomes auth.txt
func list(notes map[note]bool, texts map[string]string) string {
	tests := map[string][]string{}
	for n := range notes {
		if slices.Contains(Rules(texts[n.test]), n.rule) {
			row, name := n.rule+"\t"+string(n.side), fileOf(n.test)
			tests[row] = append(tests[row], name)
		}
	}
	var b strings.Builder
	for _, row := range slices.Sorted(maps.Keys(tests)) {
		slices.Sort(tests[row])
		b.WriteString(row + "\t" + strings.Join(slices.Compact(tests[row]), " ") + "\n")
	}
	return b.String()
}

// differences are the lines that only one of two lists has.
func differences(kept, is string) (lines []string) {
	was, now := strings.Split(kept, "\n"), strings.Split(is, "\n")
	for _, line := range was {
		if !slices.Contains(now, line) {
			lines = append(lines, "-"+line)
		}
	}
	for _, line := range now {
		if !slices.Contains(was, line) {
			lines = append(lines, "+"+line)
		}
	}
	return lines
}
