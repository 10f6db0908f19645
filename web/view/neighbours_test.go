package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
)

// The rule that decided stands among those tested with it, in their order.
func TestNeighbours(t *testing.T) {
	for _, test := range []struct {
		scenario string
		step     int
		head     string
		want     string // of the rows around the one that decided
	}{
		{"cram-md5", 1, "", "REP-09 220 decided"},
		{"cram-md5", 2, "ui.rules.moves", "EHLO REP-09 0 decided"},
		{"cram-md5", 3, "ui.rules.tested", "CMD-10 501 passed, REP-12 250 decided"},
		{"cram-md5", 9, "ui.rules.moves", "STARTTLS TLS-11 0 aside, AUTH AUTH-39 0 decided"},
		{"cram-md5", 11, "ui.rules.moves", "response CRM-03 0 decided, * AUTH-21 0 aside"},
		{"cram-md5", 13, "ui.rules.endings", "AUTH-28 235 decided, AUTH-27 535 aside"},
		{"wrong-password", 13, "ui.rules.endings", "AUTH-28 235 aside, AUTH-27 535 decided"},
		{"wrong-password", 12, "", "AUTH-27 0 decided"},
		{"plain-initial", 11, "ui.rules.tested", "AUTH-16 501 passed, AUTH-28 235 decided"},
		{"unknown-mechanism", 10, "ui.rules.tested", "AUTH-06 503 passed, AUTH-09 504 decided"},
		{"auth-before-tls", 5, "ui.rules.tested", "TLS-16 530 decided"},
		{"relay", 12, "ui.rules.tested", "SEQ-16 452 passed, ANO-03 550 passed, SUB-04 550 decided"},
		{"cancelled", 12, "ui.rules.endings", "AUTH-21 501 decided"},
	} {
		n := story(t, test.scenario).Neighbours(test.step - 1)
		var rows []string
		for _, r := range n.Rows {
			rows = append(rows, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", r.Verb, r.ID, r.Code, r.Fate)))
		}
		if got := strings.Join(rows, ", "); n.Head.ID != test.head || !strings.Contains(got, test.want) {
			t.Errorf("%s, step %d: %q %s, want %q %s", test.scenario, test.step, n.Head.ID, got, test.head, test.want)
		}
	}
}

// Exactly one rule decides, wherever one does, and what stands before it was
// tested.
func TestOneRuleDecides(t *testing.T) {
	for _, one := range scenario.All {
		s := story(t, one.ID)
		for at := range s.frames {
			n, r := s.Neighbours(at), rule(&s.frames[at])
			for _, row := range n.Rows[:n.Passed] {
				if row.Fate != FatePassed {
					t.Errorf("%s, step %d: %s is %s", one.ID, at+1, row.ID, row.Fate)
				}
			}
			decided := slices.DeleteFunc(slices.Clone(n.Rows), func(n Neighbour) bool { return n.Fate != FateDecided })
			if r.ID == "" && len(n.Rows) == 0 {
				continue
			}
			if len(decided) != 1 || decided[0].ID != r.ID {
				t.Errorf("%s, step %d: %v decided, want %s", one.ID, at+1, decided, r.ID)
			}
			for i, row := range n.Rows {
				if i > 0 && row.Fate == FatePassed && n.Rows[i-1].Fate != FatePassed || row.Text == "" || row.Section == "" {
					t.Errorf("%s, step %d, row %d: %+v", one.ID, at+1, i, row)
				}
			}
		}
	}
}
