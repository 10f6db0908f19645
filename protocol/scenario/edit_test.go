package scenario

import (
	"reflect"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// edits are the changes that a page offers.
var edits = map[string]func(*session.Setup){
	"user":           func(s *session.Setup) { SetUser(s, "anna") },
	"password":       func(s *session.Setup) { SetPassword(s, "other") },
	"mechanism":      func(s *session.Setup) { SetMechanism(s, "LOGIN") },
	"port 25":        func(s *session.Setup) { SetRole(s, server.Relay) },
	"port 465":       func(s *session.Setup) { SetRole(s, server.Submissions) },
	"in clear text":  func(s *session.Setup) { SetProtection(s, client.NoTLS) },
	"implicit TLS":   func(s *session.Setup) { SetProtection(s, client.Implicit) },
	"one less":       func(s *session.Setup) { SetOffered(s, true, "CRAM-MD5", false) },
	"one more":       func(s *session.Setup) { SetOffered(s, false, "PLAIN", true) },
	"no STARTTLS":    func(s *session.Setup) { SetStartTLS(s, false) },
	"hashed":         func(s *session.Setup) { SetStored(s, sasl.Hashed) },
	"another stored": func(s *session.Setup) { SetAccount(s, 0, func(a *sasl.Account) { a.Password.Text = "x" }) },
	"no message":     func(s *session.Setup) { SetMail(s, nil) },
	"another sender": func(s *session.Setup) { SetMail(s, func(m *client.Mail) { m.From = "anna@example.org" }) },
}

// An edit changes what it is given and nothing that this was copied from, and a
// session can be made of what comes out.
func TestEdits(t *testing.T) {
	for name, edit := range edits {
		before, same := submission(), submission()
		changed := before
		edit(&changed)
		if !reflect.DeepEqual(before, same) {
			t.Errorf("%s: the set-up it was copied from became %+v", name, before)
		}
		if reflect.DeepEqual(changed, same) {
			t.Errorf("%s changes nothing", name)
		}
		again := changed
		edit(&again)
		if !reflect.DeepEqual(again, changed) {
			t.Errorf("%s: doing it twice is not doing it once: %+v", name, again)
		}
		s, err := session.New(changed)
		if run(t, s, err); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is undone leaves the set-up as it was.
func TestEditsAndBack(t *testing.T) {
	for name, undo := range map[string]func(*session.Setup){
		"port 465": func(s *session.Setup) { SetRole(s, server.Submission) },
		"port 25":  func(s *session.Setup) { SetRole(s, server.Submission) },
		"one less": func(s *session.Setup) { SetOffered(s, true, "CRAM-MD5", true) },
		"one more": func(s *session.Setup) { SetOffered(s, false, "PLAIN", false) },
		"hashed":   func(s *session.Setup) { SetStored(s, sasl.Clear) },
		"no message": func(s *session.Setup) {
			SetMail(s, func(*client.Mail) {})
		},
		"no STARTTLS": func(s *session.Setup) { SetStartTLS(s, true) },
	} {
		s := submission()
		edits[name](&s)
		if undo(&s); !reflect.DeepEqual(s, submission()) {
			t.Errorf("%s and back: %+v", name, s)
		}
	}
}

func TestOfferedInOrder(t *testing.T) {
	s := submission()
	s.Server.AfterTLS = nil
	for _, name := range []string{"PLAIN", "CRAM-MD5", "PLAIN", "LOGIN"} {
		SetOffered(&s, true, name, true)
	}
	SetOffered(&s, true, "CRAM-MD5", false)
	if want := []string{"PLAIN", "LOGIN"}; !slices.Equal(s.Server.AfterTLS, want) {
		t.Errorf("offered %q, want %q", s.Server.AfterTLS, want)
	}
	SetAccount(&s, 1, func(a *sasl.Account) { t.Error("there is no second account") })
}

// A client that wants STARTTLS finds it listed, also where a server writes its
// own list and offered its mechanisms in clear text alone.
func TestProtectionOfAServerWithoutTLS(t *testing.T) {
	s := submission()
	s.Server.Extensions, s.Server.Keywords = []string{"8BITMIME"}, []string{"AUTH", "8BITMIME"}
	s.Server.BeforeTLS, s.Server.AfterTLS = []string{"LOGIN"}, nil
	before := s
	SetProtection(&s, client.StartTLS)
	if want := []string{"AUTH", "8BITMIME", "STARTTLS"}; !slices.Equal(s.Server.Keywords, want) || !slices.Contains(s.Server.Extensions, "STARTTLS") {
		t.Errorf("it lists %q, %q", s.Server.Keywords, s.Server.Extensions)
	}
	if want := []string{"LOGIN"}; !slices.Equal(s.Server.AfterTLS, want) || s.Server.BeforeTLS != nil {
		t.Errorf("it offers %q inside TLS, %q without", s.Server.AfterTLS, s.Server.BeforeTLS)
	}
	SetProtection(&s, client.Implicit) // where nobody sees STARTTLS in the list
	SetProtection(&s, client.StartTLS)
	if want := []string{"AUTH", "8BITMIME", "STARTTLS"}; !slices.Equal(s.Server.Keywords, want) {
		t.Errorf("after port 465 it lists %q", s.Server.Keywords)
	}
	if SetStartTLS(&s, false); !slices.Equal(s.Server.Keywords, before.Server.Keywords) {
		t.Errorf("without STARTTLS it lists %q", s.Server.Keywords)
	}
}
