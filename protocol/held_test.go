// Which rules hold, by which tests, and why the others do not apply.
package protocol_test

import (
	_ "embed"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write which test holds which rule, and the README's account of it")

//go:embed testdata/held.txt
var heldText string

// sided are the parts of the list that speak of SMTP itself. There a rule for
// both binds each: a test of each side holds it, or one of what both are made of.
var sided = []string{"CMD", "REP", "SEQ", "DAT", "ENH", "PIP", "SIZ", "EBM", "UTF", "CHK", "TLS", "IMP", "SUB", "AUTH", "PAR"}

// apart are the rules that no test of a side holds, with the reason.
var apart = map[string]map[string]string{
	"server": {
		"CMD-18": "no parameter here can be known and fail",
		"DIG-17": "optional: no nonce here goes stale",
		"DIG-18": "optional: no security layer is offered",
		"LYR-01": "no mechanism here negotiates a security layer",
		"LYR-02": "no mechanism here negotiates a security layer",
		"LYR-05": "no mechanism here negotiates a security layer",
		"LYR-06": "no mechanism here negotiates a security layer",
		"LYR-07": "no mechanism here negotiates a security layer",
		"REP-10": "no policy greets with 554",
		"SAS-05": "optional: the mechanisms' documents name SASLprep, and PRECIS is not mixed in",
		"TLS-03": "TLS is always available to a policy that offers it",
	},
	"client": {
		"AUTH-48": "a client is of one connection",
		"DIG-18":  "optional: no security layer is taken",
		"LYR-01":  "no mechanism here negotiates a security layer",
		"LYR-02":  "no mechanism here negotiates a security layer",
		"LYR-03":  "no mechanism here negotiates a security layer",
		"LYR-05":  "no mechanism here negotiates a security layer",
		"LYR-06":  "no mechanism here negotiates a security layer",
		"PAR-07":  "this client relays nothing, so it passes no AUTH= on",
		"PAR-08":  "this client sends no AUTH=",
		"PIP-01":  "one command is sent at a time (SEQ-20)",
		"PIP-02":  "one command is sent at a time (SEQ-20)",
		"SAS-05":  "optional: the mechanisms' documents name SASLprep, and PRECIS is not mixed in",
		"SUB-05":  "a plan has no port",
		"TLS-17":  "one command is sent at a time (SEQ-20)",
		"TLS-22":  "optional: lists are not compared before and after TLS",
	},
}

// wording are the rules of what the page says.
var wording = []string{"DEP-01", "DEP-02", "DEP-03", "DEP-04", "DEP-06", "DEP-07", "DIG-20", "SCR-23"}

// holders returns, by rule, the tests that name it: "sasl.TestTokens" for one
// that names it in its comment or its body, "server/tls.txt" for a dialogue.
func holders(t *testing.T) map[string][]string {
	t.Helper()
	held := map[string][]string{}
	add := func(text, name string) {
		for _, id := range ruleName.FindAllString(text, -1) {
			if !slices.Contains(held[id], name) {
				held[id] = append(held[id], name)
			}
		}
	}
	err := fs.WalkDir(testFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Dir(name) == "netio/judges" { // judges may not be there
			return err
		}
		octets, err := testFiles.ReadFile(name)
		if err != nil {
			return err
		}
		text, folder := string(octets), path.Dir(name)
		if path.Ext(name) == ".txt" {
			add(text, path.Dir(folder)+"/"+path.Base(name))
			return nil
		}
		// A test begins with its comment; what stands before the first, a table
		// mostly, counts for the file.
		starts := testStart.FindAllStringSubmatchIndex(text, -1)
		at, owner := 0, folder+"/"+path.Base(name)
		for _, m := range starts {
			add(text[at:m[0]], owner)
			at, owner = m[0], folder+"."+text[m[2]:m[3]]
		}
		add(text[at:], owner)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range held {
		slices.Sort(held[id])
	}
	return held
}

var testStart = regexp.MustCompile(`(?m)^(?://.*\n)*func ((?:Test|Fuzz)[A-Za-z0-9_]*)\(`)

// bound are the sides that a rule binds, each with the folders whose tests may
// hold it there.
func (r rule) bound(id string) map[string][]string {
	group, _, _ := strings.Cut(id, "-")
	common := []string{"smtp", "sasl", "tlslink", "session", "netio", "cmd", "scenario"}
	if !slices.Contains(sided, group) {
		common = append(common, "server", "client")
	}
	sides := map[string][]string{"server": append([]string{"server"}, common...), "client": append([]string{"client"}, common...)}
	if r.who != "both" {
		return map[string][]string{r.who: sides[r.who]}
	}
	return sides
}

// TestRules: every one of the 338 rules is held, for each side that it binds, by
// a test that names it, or stands apart with its reason. testdata/held.txt is
// the list of them, and the README tells how many there are.
func TestRules(t *testing.T) {
	rules, held := readRules(t), holders(t)
	var list, without []string
	whole, part, none := 0, 0, 0
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		bound := rules[id].bound(id)
		if slices.Contains(wording, id) {
			list = append(list, id+"\tthe page's wording")
			continue
		}
		open := 0
		for _, side := range slices.Sorted(maps.Keys(bound)) {
			reason, excused := apart[side][id]
			var by []string
			for _, name := range held[id] {
				folder, _, _ := strings.Cut(strings.ReplaceAll(name, ".", "/"), "/")
				if slices.Contains(bound[side], folder) {
					by = append(by, name)
				}
			}
			switch {
			case excused && len(by) > 0:
				t.Errorf("%s stands apart for the %s, and %q hold it", id, side, by)
			case !excused && len(by) == 0:
				t.Errorf("no test holds %s for the %s", id, side)
			case excused:
				open++
				list = append(list, id+"\t"+side+"\tdoes not apply: "+reason)
				without = append(without, fmt.Sprintf("| %s | %s | %s |", id, side, reason))
			default:
				list = append(list, id+"\t"+side+"\t"+strings.Join(by, " "))
			}
		}
		switch open {
		case 0:
			whole++
		case len(bound):
			none++
		default:
			part++
		}
	}
	for side, reasons := range apart {
		for id := range reasons {
			if row, found := rules[id]; !found || row.bound(id)[side] == nil {
				t.Errorf("%s does not bind the %s, or is no rule", id, side)
			}
		}
	}
	for _, id := range wording {
		if _, found := rules[id]; !found {
			t.Errorf("%s is no rule", id)
		}
	}
	compare(t, "testdata/held.txt", heldText, strings.Join(list, "\n")+"\n")
	account := fmt.Sprintf("%d of the %d rules hold, %d of them for one side alone; %d speak of the page's wording (%s), and %d do not apply.\n\n| rule | side | why it does not apply |\n|---|---|---|\n%s\n",
		whole+part, len(rules), part, len(wording), strings.Join(wording, ", "), none, strings.Join(without, "\n"))
	readme(t, account)
}

// compare compares a golden file, or writes it.
func compare(t *testing.T, name, was, is string) {
	t.Helper()
	switch {
	case was == is:
	case *update:
		if err := os.WriteFile(name, []byte(is), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is out of date: go test ./protocol -update writes it", name)
	}
}

const rulesBegin, rulesEnd = "<!-- rules: written by go test ./protocol -update -->\n", "<!-- /rules -->\n"

// readme compares the README's account, or writes it.
func readme(t *testing.T, account string) {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), rulesBegin)
	_, after, closed := strings.Cut(rest, rulesEnd)
	if !found || !closed {
		t.Fatalf("the README has no place for the rules: %s%s", rulesBegin, rulesEnd)
	}
	compare(t, "../README.md", string(text), before+rulesBegin+account+rulesEnd+after)
}
