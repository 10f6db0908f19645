package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
)

// drawn writes what of a machine matters to a reader: "here", "was" and the
// arrows taken.
func drawn(m Machine) string {
	var all []string
	for _, s := range m.States {
		switch {
		case s.Here:
			all = append(all, "here "+string(s.Name))
		case s.Was:
			all = append(all, "was "+string(s.Name))
		}
		for _, a := range s.Arrows {
			if a.Taken {
				all = append(all, fmt.Sprintf("%s%s%v to %s by %s", a.Verb, a.Event, a.Classes, a.To, a.Rule))
			}
		}
	}
	for _, a := range m.Anywhere {
		if a.Taken {
			all = append(all, fmt.Sprintf("anywhere %s%s to %s by %s", a.Verb, a.Event, a.To, a.Rule))
		}
	}
	return strings.Join(all, "; ")
}

func TestMachines(t *testing.T) {
	s := story(t, "cram-md5")
	for _, test := range []struct {
		step           int
		client, server string
	}{
		{1, "was client.phase.connecting; ui.on.connect[] to client.phase.greeting by REP-09; here client.phase.greeting", ""},
		{3, "", "was server.phase.greeted; EHLO[2] to server.phase.ready by REP-12; here server.phase.ready"},
		{9, "was client.phase.ehlo; AUTH[] to client.phase.auth by AUTH-39; here client.phase.auth", "here server.phase.ready"},
		{10, "here client.phase.auth", "was server.phase.ready; AUTH[3] to server.phase.exchange by AUTH-15; here server.phase.exchange"},
		{11, "ui.on.response[] to client.phase.auth by AUTH-15", ""},
		{13, "", "here server.phase.ready; was server.phase.exchange; ui.on.response[2] to server.phase.ready by AUTH-28"},
	} {
		for i, want := range []string{test.client, test.server} {
			if got := drawn(s.Machines(test.step - 1)[i]); !strings.Contains(got, want) {
				t.Errorf("step %d: %s, want %s", test.step, got, want)
			}
		}
	}
}

// One side does not see the other's machine.
func TestMachinesOfOneSide(t *testing.T) {
	whole := story(t, "cram-md5")
	for from, side := range map[Vantage]session.Side{OfClient: session.Client, OfServer: session.Server} {
		for at := range whole.frames {
			all := Tell(See(whole.frames, from)).Machines(at)
			if len(all) != 1 || all[0].Side != side {
				t.Errorf("%s, step %d: %d machines", from, at+1, len(all))
			}
		}
	}
}

// The drawing has every state once, every move of the tables, the place of the
// machine in every frame, and how it came there.
func TestMachinesAreWhole(t *testing.T) {
	s := story(t, "cram-md5")
	for i, m := range s.Machines(0) {
		states, rows, phases := len(client.Phases), clientRows(), texts(client.Phases)
		if i == 1 {
			states, rows, phases = len(server.Phases), serverRows(), texts(server.Phases)
		}
		if len(m.States) != states {
			t.Errorf("%s: %d states, want %d", m.Side, len(m.States), states)
		}
		for _, r := range rows {
			for _, from := range r.from {
				arrows := m.Anywhere
				if !wide(r, states) {
					arrows = m.States[slices.Index(phases, from)].Arrows
				}
				if !slices.ContainsFunc(arrows, func(a Arrow) bool {
					return a.Rule == r.id && a.To == ID(string(m.Side)+".phase."+r.to) && (r.class == 0 || slices.Contains(a.Classes, r.class) || wide(r, states))
				}) {
					t.Errorf("%s: no arrow %s on %s to %s", m.Side, from, r.on, r.to)
				}
			}
		}
	}
	for _, one := range scenario.All {
		s := story(t, one.ID)
		for at := range s.frames {
			for _, m := range s.Machines(at) {
				here := 0
				for _, state := range m.States {
					if state.Here {
						here++
					}
					if state.Was && !strings.Contains(drawn(m), " by ") {
						t.Errorf("%s, step %d: the %s has moved by no arrow: %s", one.ID, at+1, m.Side, drawn(m))
					}
				}
				if here != 1 {
					t.Errorf("%s, step %d: the %s is in %d states", one.ID, at+1, m.Side, here)
				}
			}
		}
	}
}

// Whatever moves a machine has words in every language.
func TestMovesAreWorded(t *testing.T) {
	for _, m := range story(t, "cram-md5").Machines(0) {
		arrows := slices.Clone(m.Anywhere)
		for _, s := range m.States {
			arrows = append(arrows, s.Arrows...)
		}
		for _, a := range arrows {
			for _, lang := range i18n.Languages {
				if a.Event != "" && !i18n.Load(lang).Has(string(a.Event)) {
					t.Errorf("%s lacks %q", lang, a.Event)
				}
			}
		}
	}
}

// What the page says of commands is what the server then answers.
func TestCommands(t *testing.T) {
	sc, _ := scenario.ByID("cram-md5")
	s, policy := story(t, "cram-md5"), sc.Setup().Server
	refused := func(at int) map[string]int {
		all := map[string]int{}
		for _, c := range s.Commands(at, policy) {
			all[c.Verb] = c.Code
			if (c.Code == 0) != (c.Rule.ID == "") {
				t.Errorf("step %d, %s: %d by %q", at+1, c.Verb, c.Code, c.Rule.ID)
			}
		}
		return all
	}
	for _, test := range []struct {
		step int
		want map[string]int
	}{
		{1, map[string]int{"EHLO": 0, "AUTH": 503, "MAIL": 503, "QUIT": 0}},
		{3, map[string]int{"STARTTLS": 0, "AUTH": 503, "MAIL": 530}},
		{8, map[string]int{"STARTTLS": 503, "AUTH": 0, "MAIL": 530}},
		{13, map[string]int{"AUTH": 503, "MAIL": 0, "RCPT": 503}},
	} {
		got := refused(test.step - 1)
		for verb, code := range test.want {
			if c, there := got[verb]; !there || c != code {
				t.Errorf("step %d: %s gives %d, want %d", test.step, verb, c, code)
			}
		}
	}
	if got := s.Commands(9, policy); got != nil {
		t.Errorf("in an exchange: %v", got)
	}
	if got := Tell(See(s.frames, OfClient)).Commands(2, policy); got != nil {
		t.Errorf("the client sees %v", got)
	}
}
