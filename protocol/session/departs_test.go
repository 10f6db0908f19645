package session_test

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// acted is the first frame in which a quirk acted, or nil.
func acted(frames []session.Frame, n quirk.Name) *session.Frame {
	for i := range frames {
		if frames[i].Quirks().Has(n) {
			return &frames[i]
		}
	}
	return nil
}

// AUTH-15, REP-05: a side that answers nothing has a step of its own, in which
// its quirk stands.
func TestSilence(t *testing.T) {
	for _, test := range []struct {
		side   session.Side
		quirk  quirk.Name
		change func(*session.Setup)
	}{
		{session.Server, quirk.PlainSilent, func(s *session.Setup) { s.Server.Quirks = quirk.Set{quirk.PlainSilent} }},
		{session.Client, quirk.ShortWaits, func(s *session.Setup) {
			s.Client.Quirks, s.Server.Quirks = quirk.Set{quirk.ShortWaits}, quirk.Set{quirk.BareChallenge}
		}},
	} {
		sc, _ := scenario.ByID("plain")
		setup := sc.Setup()
		scenario.SetProtection(&setup, client.NoTLS)
		test.change(&setup)
		frames := run(t, setup).Frames()
		last := frames[len(frames)-1]
		if last.Kind != session.Silent || last.Side != test.side || !last.Quirks().Has(test.quirk) {
			t.Errorf("%s: the last frame is %s of %q with %v", test.quirk, last.Kind, last.Side, last.Quirks())
		}
	}
}

// AUTH-22, LOG-03: a frame names what acted in it, and what the rule asks.
func TestDepartures(t *testing.T) {
	sc, _ := scenario.ByID("mox-v0.0.11")
	frames := run(t, sc.Setup(), sc.Inputs...).Frames()
	if f := acted(frames, quirk.LoginExact); f == nil || string(f.Octets) != "*\r\n" || f.Side != session.Client {
		t.Errorf("%+v", f)
	}
	if f := acted(frames, quirk.OtherPrompt); f == nil || string(f.Octets) != "334 \r\n" || f.Asked() != nil {
		t.Errorf("%+v", f)
	}
	sc, _ = scenario.ByID("wrong-password")
	setup := sc.Setup()
	setup.Server.Replies = map[server.Place]string{"credentials": "454 4.7.0 no"}
	f := acted(run(t, setup).Frames(), quirk.OtherCode)
	if f == nil || f.Asked() == nil || f.Asked().Code != 535 || f.Asked().Place != "credentials" || f.Asked().Enhanced.String() != "5.7.8" {
		t.Errorf("%+v", f)
	}
}

// AUTH-37: a client that goes on after a refusal does not say its next line by the
// rule of the refusal; one that leaves for it does.
func TestRuleAfterARefusal(t *testing.T) {
	sc, _ := scenario.ByID("wrong-password")
	for quirks, want := range map[quirk.Name]string{quirk.OnRefused: "MAIL CMD-19", quirk.ResetBetween: "RSET SEQ-08", quirk.StrayStar: "* AUTH-27", "": "QUIT AUTH-27"} {
		setup := sc.Setup()
		if quirks != "" {
			setup.Client.Quirks = quirk.Set{quirks}
		}
		for _, f := range run(t, setup).Frames() {
			if fault := f.Fault(); fault != nil && fault.ID == "credentials-refused" {
				said, _, _ := strings.Cut(strings.TrimSpace(string(f.Octets)), " ")
				if got := said + " " + f.Rule().ID; got != want {
					t.Errorf("%s: %s, want %s", quirks, got, want)
				}
			}
		}
	}
}
