//go:build !js

package judges

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const readme = "../README.md"

const (
	tableBegin = "<!-- interoperability: written by go test ./protocol/netio/judges -update -->\n"
	tableEnd   = "<!-- /interoperability -->\n"
)

// checkTable compares who was met with the README's table, or writes it. It
// goes by names and mechanisms: versions are those of the day it was written.
func checkTable(t *testing.T) {
	text := readFile(t, readme)
	before, rest, found := strings.Cut(text, tableBegin)
	table, after, closed := strings.Cut(rest, tableEnd)
	if !found || !closed {
		t.Fatalf("the README has no place for the table: %s%s", tableBegin, tableEnd)
	}
	var lines []string
	for _, r := range met.rows {
		lines = append(lines, r.String())
	}
	if *update {
		if len(met.rows) != len(clients)+len(servers) {
			t.Fatalf("only %d were met of %d", len(met.rows), len(clients)+len(servers))
		}
		for _, r := range met.rows {
			if len(r.untried) > 0 {
				t.Fatalf("%s: %s was not tried", r.name, r.untried)
			}
			for mechanism, held := range r.mechanisms {
				if !held {
					t.Fatalf("%s: %s did not hold", r.name, mechanism)
				}
			}
		}
		table = "| program | version | tested with | mechanisms |\n|---|---|---|---|\n" + strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(readme, []byte(before+tableBegin+table+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(lines) == 0 {
		t.Fatal("nobody was met")
	}
	written := strings.Split(table, "\n")
	for i := range written {
		written[i] = versions.ReplaceAllString(written[i], "$1 |")
	}
	for _, line := range lines {
		if !slices.Contains(written, versions.ReplaceAllString(line, "$1 |")) {
			t.Errorf("the README's table has no %s; go test ./protocol/netio/judges -update writes it", line)
		}
	}
	if len(met.rows) == len(clients)+len(servers) && len(written) != len(lines)+3 { // two lines of heading, an empty end
		t.Errorf("the README's table has %d rows, want %d", len(written)-3, len(lines))
	}
}

// versions is a row's name and version.
var versions = regexp.MustCompile(`^(\| [^|]+) \| [^|]+ \|`)
