package view

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/link"
)

func asBoss(s *session.Setup)    { s.Client.User.Authzid = "boss" }
func ifOffered(s *session.Setup) { s.Client.TLS = client.IfOffered }
func before13(s *session.Setup)  { s.TLS.ServerMax = "1.2" }

func TestEnding(t *testing.T) {
	tests := []struct {
		id      string
		changes []func(*session.Setup)
		from    Vantage
		proved  string
		heard   string
		ways    []Way
	}{
		{"cram-md5", nil, Both, "unsaid host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"plain", nil, Both, "told host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"plain", nil, OfClient, "told host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"plain", nil, OfServer, "told", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"plain", nil, Listener, "", "sizes", []Way{OneLetter, InClear, AllOfIt}},
		{"login-clear", nil, Both, "told no-host", "password", []Way{OneLetter, WithTLS, AsHeard}},
		{"cram-md5", []func(*session.Setup){inClear}, Both, "unsaid no-host", "proof", []Way{OneLetter, WithTLS, AsHeard}},
		{"wrong-password", nil, Both, "refused host", "sizes", []Way{RightOnes, InClear, AsHeard}},
		{"unknown-user", nil, OfClient, "refused host", "sizes", []Way{RightOnes, InClear, AsHeard}},
		{"cancelled", nil, Both, "nobody host", "sizes", []Way{InClear, AsHeard}},
		{"anonymous", nil, Both, "anonymous host", "sizes", []Way{InClear, AsHeard}},
		{"external", nil, Both, "certificate host", "sizes", []Way{InClear, AsHeard}},
		{"oauthbearer", nil, Both, "token host", "sizes", []Way{InClear, AsHeard}},
		{"oauth-scope", nil, Both, "refused.token host", "sizes", []Way{InClear, AsHeard}},
		{"gssapi", nil, Both, "ticket service host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"scram-sha-256", nil, Both, "unsaid server host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"scram-sha-256", nil, OfServer, "unsaid", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"wrong-host", nil, Both, "nobody no-host", "lines", []Way{InClear, AsHeard}},
		{"stripped", nil, Both, "nobody no-host", "password", []Way{WithTLS, AsHeard}},
		{"stripped-insist", nil, Both, "nobody no-host", "lines", []Way{InClear, AsHeard}},
		{"digest-md5", nil, Both, "unsaid server host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"srp", nil, OfClient, "unsaid server host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"scram-sha-256", []func(*session.Setup){inClear}, Both, "unsaid server no-host", "proof", []Way{OneLetter, WithTLS, AsHeard}},
		{"scram-impostor", nil, Both, "checked impostor no-host", "proof", []Way{WithTLS, AsHeard}},
		{"scram-impostor", nil, OfClient, "impostor no-host", "proof", []Way{WithTLS, AsHeard}},
		{"scram-impostor", nil, OfServer, "checked", "proof", []Way{WithTLS, AsHeard}},
		{"scram-middle", nil, Both, "unsaid server host middle", "middle", []Way{OneLetter, InClear, AsHeard}},
		{"scram-middle", nil, OfClient, "unsaid server host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"scram-middle", nil, OfServer, "unsaid", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"scram-middle", nil, Listener, "", "middle", []Way{OneLetter, InClear, AllOfIt}},
		{"scram-plus-middle", nil, Both, "refused.binding host middle", "middle", []Way{InClear, AsHeard}},
		{"scram-middle", []func(*session.Setup){inClear}, Both, "unsaid server no-host", "proof", []Way{OneLetter, WithTLS, AsHeard}},
		{"gssapi-wrong-key", nil, Both, "refused.ticket host", "sizes", []Way{InClear, AsHeard}},
		{"cram-md5", []func(*session.Setup){asBoss}, Both, "unsaid host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"plain", []func(*session.Setup){asBoss}, Both, "refused.authorization host", "sizes", []Way{InClear, AsHeard}},
		{"cram-md5", []func(*session.Setup){ifOffered}, Both, "unsaid host", "sizes", []Way{OneLetter, InClear, AsHeard}},
		{"wrong-host", []func(*session.Setup){ifOffered}, Both, "nobody no-host", "lines", []Way{InClear, AsHeard}},
		{"external", []func(*session.Setup){before13}, Both, "certificate host", "sizes ui.heard.certificates", []Way{InClear, AsHeard}},
		{"plain", []func(*session.Setup){before13}, Both, "told host", "sizes ui.heard.certificate", []Way{OneLetter, InClear, AsHeard}},
	}
	for _, tt := range tests {
		frames, setup := ranFrames(t, tt.id, tt.changes...)
		e := Tell(frames).Ending(tt.from, setup)
		if got := ids(e.Proved, "ui.proved."); got != tt.proved {
			t.Errorf("%s, %s: proved %s, want %s", tt.id, tt.from, got, tt.proved)
		}
		if got := ids(e.Heard, "ui.got."); got != tt.heard {
			t.Errorf("%s, %s: heard %s, want %s", tt.id, tt.from, got, tt.heard)
		}
		if !slices.Equal(e.Ways, tt.ways) {
			t.Errorf("%s, %s: ways %s, want %s", tt.id, tt.from, e.Ways, tt.ways)
		}
	}
}

// ids are those of sentences, without what they begin with.
func ids(all []Words, prefix string) string {
	var list []string
	for _, w := range all {
		list = append(list, strings.TrimPrefix(w.ID, prefix))
	}
	return strings.Join(list, " ")
}

// code535 tells whether a run ends in a refusal.
func code535(frames []session.Frame) bool {
	return slices.ContainsFunc(frames, func(f session.Frame) bool { return code(&f) == 535 })
}

// The ways lead where they say, whatever the run was.
func TestWaysLeadThere(t *testing.T) {
	for _, id := range []string{"cram-md5", "plain", "plain-implicit", "login-clear", "wrong-password", "unknown-user"} {
		frames, setup := ranFrames(t, id)
		for _, way := range Tell(frames).Ending(Both, setup).Ways {
			after, changed := ranFrames(t, id, way.Go)
			secured := slices.ContainsFunc(after, func(f session.Frame) bool { return f.TLS != nil })
			switch way {
			case OneLetter:
				if !code535(after) || code535(frames) || len(changed.Client.User.Password.Text) != len(setup.Client.User.Password.Text) {
					t.Errorf("%s: another letter makes no difference", id)
				}
			case RightOnes:
				if code535(after) || !code535(frames) {
					t.Errorf("%s: the right password makes no difference", id)
				}
			case InClear, WithTLS:
				if secured != (way == WithTLS) {
					t.Errorf("%s: %s leads to TLS: %v", id, way, secured)
				}
				if code535(after) != code535(frames) {
					t.Errorf("%s: %s changes the outcome", id, way)
				}
			}
		}
	}
}

func TestOneLetter(t *testing.T) {
	for text, want := range map[string]string{
		"tanstaaftanstaaf": "tanstaaftanstaaF", "secreT!": "secret!", "1234": "1231", "1": "2", "пароль": "паролЬ", "": "x", "中文": "中1",
	} {
		if got := oneLetter(text); got != want {
			t.Errorf("oneLetter(%q) = %q, want %q", text, got, want)
		}
	}
}

// Without TLS and back is where one was, with what was changed meanwhile.
func TestReprotect(t *testing.T) {
	for _, sc := range scenario.All {
		before := sc.Setup()
		s := sc.Setup()
		InClear.Go(&s)
		scenario.SetPassword(&s, "other")
		Reprotect(&s, before)
		want := sc.Setup()
		scenario.SetPassword(&want, "other")
		a, err := session.Write(s, nil)
		b, err2 := session.Write(want, nil)
		if err != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s:\n%s\n%s", sc.ID, a, b)
		}
	}
}

// Whatever Reprotect puts back, an edit of it is a slot's that Protects knows.
func TestProtects(t *testing.T) {
	before := scenario.All[0].Setup()
	for _, section := range Drawer(before) {
		for _, setting := range section.Settings {
			for _, one := range append(setting.Ticks, setting) {
				values := []string{"", "yes", "else"}
				for _, c := range one.Choices {
					values = append(values, c.Value)
				}
				for _, value := range values {
					s := before
					Change(&s, one.Slot, value)
					edited := link.ValuesOf(s, nil)
					Reprotect(&s, before)
					if !maps.Equal(edited, link.ValuesOf(s, nil)) && !Protects(one.Slot) && one.Slot != Mechanism {
						t.Errorf("%s is put back", one.Slot)
					}
				}
			}
		}
	}
}

// The same line is found in the run with TLS and in the run without.
func TestSamePlace(t *testing.T) {
	for _, tt := range []struct {
		id     string
		change func(*session.Setup)
	}{
		{"cram-md5", inClear},
		{"plain", inClear},
		{"plain-implicit", inClear},
		{"login-clear", func(s *session.Setup) { scenario.SetProtection(s, client.StartTLS) }},
		{"cram-md5", func(s *session.Setup) { scenario.SetRole(s, server.Submissions) }},
	} {
		frames, _ := ranFrames(t, tt.id)
		others, _ := ranFrames(t, tt.id, tt.change)
		a, b := Tell(frames), Tell(others)
		for i := range frames {
			j := a.SamePlace(i, b)
			f, g := frames[i], others[j]
			if f.Phase == session.Auth || f.Phase == session.Mail {
				if f.Kind != g.Kind || f.Side != g.Side || f.Phase != g.Phase || said(&f) != said(&g) || code(&f) != code(&g) {
					t.Errorf("%s: %q is %q", tt.id, f.Octets, g.Octets)
				}
				if back := b.SamePlace(j, a); back != i {
					t.Errorf("%s: frame %d leads to %d and back to %d", tt.id, i, j, back)
				}
			}
			if (i == 0) != (j == 0) && f.Phase != session.Greeting && f.Phase != session.TLSPhase {
				t.Errorf("%s: frame %d is at the beginning", tt.id, i)
			}
		}
		if j := a.SamePlace(len(frames)-1, b); j != len(others)-1 {
			t.Errorf("%s: the end is frame %d of %d", tt.id, j, len(others))
		}
	}
}
