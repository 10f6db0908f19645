//go:build !js

package main

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The README's examples of run and compute are RFC 2195's §2, and what authlab
// prints.
func TestReadmeExamples(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	r := do(t, "", "run", "testdata/rfc2195.json")
	if block := "    " + strings.ReplaceAll(strings.TrimSuffix(r.out, "\n"), "\n", "\n    ") + "\n"; r.status != 0 || !strings.Contains(readme, block) {
		t.Errorf("run: %d; the README does not show\n%s%s", r.status, block, r.err)
	}
	_, in, found := strings.Cut(readme, "    echo '{")
	in, _, closed := strings.Cut(in, "' |")
	if !found || !closed {
		t.Fatal("the README has no example of compute")
	}
	r = do(t, "{"+in+"\n", "compute")
	steps := strings.Index(r.out, `"steps":[`)
	if r.status != 0 || steps < 0 || !strings.Contains(readme, "    "+r.out[:steps]+`"steps":[...]}`) {
		t.Errorf("compute: %d; the README does not show %s%s", r.status, r.out, r.err)
	}
}

// Every command line that a README shows is one that authlab takes.
func TestReadmeCommands(t *testing.T) {
	line := regexp.MustCompile(`(?m)^ +authlab (\w+)( [^#>\n]*)?(?:[#>].*)?$`)
	for _, name := range []string{"README.md", "../../dialect/README.md", "../../../README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := line.FindAllStringSubmatch(string(text), -1)
		if len(lines) == 0 {
			t.Errorf("%s shows no command", name)
		}
		for _, l := range lines {
			i := slices.IndexFunc(commands, func(c command) bool { return c.name == l[1] })
			if i < 0 {
				t.Errorf("%s: there is no command %s", name, l[1])
				continue
			}
			fs := flag.NewFlagSet(l[1], flag.ContinueOnError)
			commands[i].flags(fs)
			if _, err := parse(fs, strings.Fields(l[2])); err != nil {
				t.Errorf("%s: %s: %v", name, l[0], err)
			}
		}
	}
}
