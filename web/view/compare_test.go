package view

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
)

// The table has every mechanism once, what is gone too, with words in every
// language, and marks the one that is used.
func TestCompare(t *testing.T) {
	var names, here []string
	for _, g := range Compare("LOGIN") {
		for _, lang := range i18n.Languages {
			text := i18n.Load(lang)
			ids := append([]ID{g.Name}, ComparedBy...)
			for _, r := range g.Rows {
				if r.Gone != "" {
					ids = append(ids, r.Gone)
				}
				ids = append(ids, r.Cells...)
			}
			for _, id := range ids {
				if !text.Has(string(id)) {
					t.Errorf("%s lacks %s", lang, id)
				}
			}
		}
		for _, r := range g.Rows {
			names = append(names, r.Name)
			if r.Here {
				here = append(here, r.Name)
			}
			if _, known := sasl.Lookup(r.Name); known != (r.Gone == "") || known != (len(r.Cells) == len(ComparedBy)) || known != (r.Source != "") || known == (g.Name == statusGone) {
				t.Errorf("%s: %+v", g.Name, r)
			}
		}
	}
	want := "EXTERNAL SCRAM-SHA-512-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 GSSAPI OAUTHBEARER PLAIN ANONYMOUS " +
		"CRAM-MD5 XOAUTH2 LOGIN SRP DIGEST-MD5 NTLM KERBEROS_V4 SKEY OTP CRAM-SHA1 SECURID"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("compared: %s", got)
	}
	if got := strings.Join(here, " "); got != "LOGIN" {
		t.Errorf("used: %s", got)
	}
}

// The cells are what a mechanism declares, in the order of the columns.
func TestComparedFacts(t *testing.T) {
	for _, test := range []struct{ name, cells, link string }{
		{"PLAIN", "crossing.password gain.password gain.guesses ui.compare.no ui.compare.no", "https://www.rfc-editor.org/rfc/rfc4616"},
		{"SCRAM-SHA-256-PLUS", "crossing.proof gain.binding gain.guesses ui.compare.yes ui.compare.yes", "https://www.rfc-editor.org/rfc/rfc7677"},
		{"EXTERNAL", "crossing.nothing gain.binding gain.nothing ui.compare.no ui.compare.yes", "https://www.rfc-editor.org/rfc/rfc4422"},
		{"OAUTHBEARER", "crossing.token gain.binding gain.nothing ui.compare.no ui.compare.no", "https://www.rfc-editor.org/rfc/rfc7628"},
		{"SRP", "crossing.proof gain.nothing gain.guesses ui.compare.yes ui.compare.no", "https://datatracker.ietf.org/doc/html/draft-burdis-cat-srp-sasl-08"},
		{"GSSAPI", "crossing.nothing gain.kdc gain.service-key ui.compare.yes ui.compare.no", "https://www.rfc-editor.org/rfc/rfc4752"},
		{"NTLM", "crossing.proof gain.guesses gain.equivalent ui.compare.no ui.compare.no", ""},
	} {
		m, _ := sasl.Lookup(test.name)
		row := compared(m, "")
		var cells []string
		for _, id := range row.Cells {
			cells = append(cells, string(id))
		}
		if got := strings.Join(cells, " "); got != test.cells || row.Link != test.link || row.Here {
			t.Errorf("%s: %s, %s", test.name, got, row.Link)
		}
	}
}

// The choices of mechanisms are the rows of the table, in its groups, then one
// that nobody has.
func TestMechanismChoices(t *testing.T) {
	sc, _ := scenario.ByID(scenario.Default)
	choices := Slots(sc.Setup()).Mechanism
	for _, g := range Compare("CRAM-MD5") {
		for _, r := range g.Rows {
			if c := choices[0]; c.Value != r.Name || c.Text != r.Name || c.Group != g.Name || c.Chosen != r.Here {
				t.Fatalf("%+v, want %s of %s", c, r.Name, g.Name)
			}
			choices = choices[1:]
		}
	}
	if len(choices) != 1 || choices[0].Value != scenario.Unknown || choices[0].Group != "" {
		t.Errorf("last: %+v", choices)
	}
	if len(scenario.MechanismChoices()) != len(Slots(sc.Setup()).Mechanism) {
		t.Error("one is missing")
	}
}
