//go:build !js

package matrix

import (
	"encoding/json"
	"slices"
	"testing"
)

// The whole matrix is the same however often it is made, has every pair, and
// outcomes of the list alone. It takes seconds, so it is made natively only.
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
	for i := range m.Servers {
		for j := range m.Clients {
			c := m.At(i, j)
			if seen[c.Outcome] = true; !slices.Contains(Outcomes, c.Outcome) {
				t.Errorf("%s, %s: %+v", m.Servers[i], m.Clients[j], c)
			}
		}
	}
	if len(seen) < len(Outcomes)-1 { // nothing is cut before the log-in today
		t.Errorf("outcomes are %v", seen)
	}
	again, err := Compute(all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(m)
	if b, _ := json.Marshal(again); string(a) != string(b) || len(a) > 10_000 {
		t.Errorf("%d octets, %d the next time", len(a), len(b))
	}
}
