//go:build !js

package main

import (
	"os"
	"strings"
	"testing"
)

// The README's examples of run and compute are RFC 2195's §2, and what authlab
// prints.
func TestReadmeExamples(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
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
