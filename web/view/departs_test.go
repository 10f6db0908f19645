package view

import (
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/session"
)

// departing are the quirks that a story shows, each with its head.
func departing(t *testing.T, s *Story) map[quirk.Name]ID {
	all := map[quirk.Name]ID{}
	for i := range s.Entries {
		departs := s.Look(i).Departs
		for _, d := range departs {
			all[d.Name] = d.Head
		}
		if marked := s.Entries[i].Mark; len(departs) > 0 && marked != departs[0].Head || len(departs) == 0 && marked != "" {
			t.Errorf("step %d: the sign is %q, its departures %v", i, marked, departs)
		}
	}
	return all
}

// AUTH-15, CMD-01: a departure is told of the side that departs, and to whoever
// sees that side; departures come before choices.
func TestDepartures(t *testing.T) {
	frames, _ := ranFrames(t, "plain", inClear, func(s *session.Setup) {
		s.Client.Quirks = quirk.Set{quirk.LowerVerbs, quirk.NoQuit, quirk.SizeUnsaid}
		s.Client.Mail = &client.Mail{From: "tim@example.org", To: []string{"a@example.net"}, Text: "hi\r\n"}
		s.Server.Quirks = quirk.Set{quirk.BareChallenge, quirk.StarIsData}
	})
	for from, want := range map[Vantage]map[quirk.Name]ID{
		Both:     {quirk.LowerVerbs: chooses, quirk.NoQuit: departs, quirk.SizeUnsaid: chooses, quirk.BareChallenge: departs},
		OfClient: {quirk.LowerVerbs: chooses, quirk.NoQuit: departs, quirk.SizeUnsaid: chooses},
		OfServer: {quirk.BareChallenge: departs},
	} {
		got := departing(t, Tell(See(frames, from)))
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", from, got, want)
		}
		for n, head := range want {
			if got[n] != head {
				t.Errorf("%s: %s is %q, want %q", from, n, got[n], head)
			}
		}
	}
	both := session.Frame{Client: []client.Event{{Event: machine.Event{Kind: machine.Said, Quirks: quirk.Set{quirk.LowerVerbs, quirk.NoQuit}}}}}
	if all := departures(&both); len(all) != 2 || all[0].Name != quirk.NoQuit {
		t.Errorf("%v", all)
	}
}

// A side that says nothing has said nothing, in every sentence of the step.
func TestSilent(t *testing.T) {
	frames, _ := ranFrames(t, "plain", inClear, func(s *session.Setup) { s.Server.Quirks = quirk.Set{quirk.PlainSilent} })
	s, last := Tell(frames), len(frames)-1
	if e := s.Entries[last]; e.Kind != session.Silent || len(e.Notes) != 1 || e.Notes[0].ID != "ui.did.silent" || e.Mark != departs {
		t.Errorf("%+v", e)
	}
	if s.Look(last).Title.ID != "ui.did.silent" || s.Next(last-1).ID != "ui.next.silent" || s.Live(last).ID != "ui.live.silent" {
		t.Errorf("%v, %v, %v", s.Look(last).Title, s.Next(last-1), s.Live(last))
	}
	if seen := See(frames, OfClient); seen[last].Kind != Quiet {
		t.Errorf("the client sees %s", seen[last].Kind)
	}
}
