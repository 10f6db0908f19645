package view

import (
	"encoding/json"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// ranFrames are the frames of a scenario whose set-up was changed.
func ranFrames(t *testing.T, id string, changes ...func(*session.Setup)) ([]session.Frame, session.Setup) {
	t.Helper()
	sc, known := scenario.ByID(id)
	if !known {
		t.Fatalf("no scenario %q", id)
	}
	setup := sc.Setup()
	for _, change := range changes {
		change(&setup)
	}
	s, err := session.New(setup, sc.Inputs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Run()
	return s.Frames(), setup
}

func inClear(s *session.Setup) { scenario.SetProtection(s, client.NoTLS) }

// told is a story as text, to look for words in it.
func told(t *testing.T, frames []session.Frame) string {
	t.Helper()
	s := Tell(frames)
	var b strings.Builder
	for i := range s.Entries {
		look := s.Look(i)
		for _, part := range []any{s.Entries[i], s.Next(i), s.Live(i), look} {
			data, err := json.Marshal(part)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(data)
		}
		c, v := s.Lanes(i)
		b.WriteString(string(c) + " " + string(v) + "\n")
	}
	return b.String()
}

// A side sees nothing of what the other one alone knows.
func TestSidesAreApart(t *testing.T) {
	tests := []struct {
		id           string
		from         Vantage
		shown, taken string
	}{
		{"wrong-password", OfClient, "client.phase.auth", "server.phase"},
		{"wrong-password", OfServer, "server.phase.exchange", "client.phase"},
		{"wrong-password", OfServer, "reason.wrong-password", "reason.unknown-user"},
		{"wrong-password", OfClient, "credentials-refused", "reason."},
		{"wrong-password", OfClient, "label.password", "label.stored-password"},
		{"wrong-password", OfServer, "label.stored-password", "label.password-prepared"},
		{"wrong-password", OfServer, "reason.wrong-password", "fault.credentials-refused"},
		{"unknown-user", OfServer, "reason.unknown-user", "reason.wrong-password"},
		{"unknown-user", OfClient, "ui.quiet", "unknown-user"},
		{"unknown-user", OfClient, "b913a602c7eda7a495b4e6e7334d3890", "dummy"},
		{"wrong-host", OfClient, "wrong-host", "server.phase"},
		{"wrong-host", OfServer, "alert", "wrong-host"},
		{"cram-md5", OfClient, "rule.CRM-03", "rule.AUTH-28"},
		{"cram-md5", OfServer, "rule.AUTH-28", "rule.AUTH-39"},
		{"login-clear", OfServer, "ui.end.delivered", "AUTH-38"},
		{"scram-middle", OfClient, "ui.did.check.client", "ui.leg."},
		{"scram-middle", OfServer, "ui.check.right", "ui.leg."},
		{"scram-middle", OfClient, "ui.did.check.client", "ui.known.middle"},
		{"scram-middle", OfServer, "ui.check.right", "ui.known.middle"},
	}
	for _, tt := range tests {
		frames, _ := ranFrames(t, tt.id)
		whole, part := told(t, frames), told(t, See(frames, tt.from))
		if !strings.Contains(part, tt.shown) {
			t.Errorf("%s: %s does not see %s", tt.id, tt.from, tt.shown)
		}
		if strings.Contains(part, tt.taken) {
			t.Errorf("%s: %s sees %s", tt.id, tt.from, tt.taken)
		}
		if tt.taken == "" || !strings.Contains(whole, tt.shown) && tt.shown != "alert" && tt.shown != "ui.quiet" {
			t.Errorf("%s: nobody sees %s: the test tests nothing", tt.id, tt.shown)
		}
	}
}

// An unknown user and a wrong password look the same, but for the digits, to
// the client.
func TestClientCannotTellUnknownUserFromWrongPassword(t *testing.T) {
	user, _ := ranFrames(t, "cram-md5", func(s *session.Setup) { s.Server.Accounts[0].Name = "tom" })
	password, _ := ranFrames(t, "cram-md5", func(s *session.Setup) { s.Server.Accounts[0].Password.Text = "other" })
	if told(t, user) == told(t, password) {
		t.Error("they look the same to everybody: the test tests nothing")
	}
	// Lengths of the records are the same too: the replies are.
	seen := func(frames []session.Frame) string {
		frames = See(frames, OfClient)
		for i := range frames {
			frames[i].Wire, frames[i].TLS = nil, nil // keys are made anew
		}
		return told(t, frames)
	}
	if a, b := seen(user), seen(password); a != b {
		t.Errorf("the client can tell them apart:\n%s\n%s", a, b)
	}
}

// Every step of the run has its place in every view, and the frames that were
// given stay as they were.
func TestSeeKeepsPlacesAndFrames(t *testing.T) {
	for _, sc := range scenario.All {
		frames, _ := ranFrames(t, sc.ID)
		before, err := json.Marshal(frames)
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range Vantages {
			seen := See(frames, from)
			if len(seen) != len(frames) {
				t.Fatalf("%s: %s sees %d frames of %d", sc.ID, from, len(seen), len(frames))
			}
			for i := range seen {
				if seen[i].Index != i || seen[i].Phase != frames[i].Phase {
					t.Errorf("%s: %s sees frame %d as %d, %s", sc.ID, from, i, seen[i].Index, seen[i].Phase)
				}
			}
			told(t, seen)
		}
		if after, err := json.Marshal(frames); err != nil || string(after) != string(before) {
			t.Errorf("%s: the frames were changed", sc.ID)
		}
	}
}

// What somebody on the wire puts in place of a line is what is heard.
func TestSidesHearWhatArrives(t *testing.T) {
	frames, _ := ranFrames(t, "stripped")
	lists := func(from Vantage) (all []string) {
		for _, f := range See(frames, from) {
			if f.Side == session.Server && strings.HasPrefix(string(f.Octets), "250-") {
				all = append(all, string(f.Octets))
			}
		}
		return all
	}
	if got := lists(OfServer); len(got) != 1 || !strings.Contains(got[0], "STARTTLS") {
		t.Errorf("the server has said %q", got)
	}
	if got := lists(OfClient); len(got) != 1 || strings.Contains(got[0], "STARTTLS") || !strings.Contains(got[0], "AUTH PLAIN") {
		t.Errorf("the client has heard %q", got)
	}
}
