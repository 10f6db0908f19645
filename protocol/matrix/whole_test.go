//go:build !js

package matrix

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/pairs.txt anew")

// pairs.txt has a line for each pair of the matrix: its cell, as %+v has it.
//
//go:embed testdata/pairs.txt
var pairs string

// The whole matrix is the same however often it is made, has every pair, and
// outcomes of the list alone. It takes seconds, so it is made natively only, and
// here once.
func TestWhole(t *testing.T) {
	all := dialects(t)
	m, err := Compute(all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Servers) != len(all.Servers) || len(m.Clients) != len(all.Clients) || len(m.Servers) != 39 || len(m.Clients) != 34 {
		t.Errorf("%d servers, %d clients", len(m.Servers), len(m.Clients))
	}
	seen := map[Outcome]bool{}
	var got []string
	for i := range m.Servers {
		for j := range m.Clients {
			c := m.At(i, j)
			if seen[c.Outcome] = true; !slices.Contains(Outcomes, c.Outcome) {
				t.Errorf("%s, %s: %+v", m.Servers[i], m.Clients[j], c)
			}
			got = append(got, fmt.Sprintf("%s %s %+v", m.Servers[i], m.Clients[j], c))
		}
	}
	if len(seen) < len(Outcomes)-1 { // nothing is cut before the log-in today
		t.Errorf("outcomes are %v", seen)
	}
	if text, err := json.Marshal(m); err != nil || len(text) > 10_000 {
		t.Errorf("%d octets, %v", len(text), err)
	}
	if *update {
		if err := os.WriteFile("testdata/pairs.txt", []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(strings.TrimSuffix(pairs, "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d pairs, want %d; if that is right, run go test -update ./protocol/matrix", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s, want %s; if that is right, run go test -update ./protocol/matrix", got[i], want[i])
		}
	}
}
