package server

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// deliver sends a message and returns it as it was accepted.
func deliver(t *testing.T, h *host, lines string) *Message {
	t.Helper()
	for _, e := range h.say("MAIL FROM:<tim@example.org>\r\nRCPT TO:<ursel@example.org>\r\nRCPT TO:<boss@example.org>\r\nDATA\r\n" + lines + ".\r\n") {
		if e.Kind == machine.Accepted {
			return e.Message
		}
	}
	t.Fatal("no message was accepted")
	return nil
}

// DAT-04, DAT-10: the message, its dots unstuffed, with the envelope.
func TestAccepted(t *testing.T) {
	h := ready(t, "clear", "EHLO")
	m := deliver(t, h, "Subject: dots\r\n\r\n..\r\n...\r\n..a\r\na.\r\n")
	if want := "Subject: dots\r\n\r\n.\r\n..\r\n.a\r\na.\r\n"; !strings.HasSuffix(string(m.Text), "\r\n"+want) {
		t.Errorf("the text is %q, want %q at its end", m.Text, want)
	}
	e := m.Envelope
	if e.ReversePath.Mailbox() != "tim@example.org" || len(e.ForwardPaths) != 2 || e.ForwardPaths[1].Mailbox() != "boss@example.org" || e.Submitter != "<>" {
		t.Errorf("the envelope is %+v", e)
	}
	if again := deliver(t, h, "x\r\n"); again.ID == m.ID {
		t.Errorf("two messages are called %s", m.ID)
	}
	if len(e.ForwardPaths) != 2 || e.ForwardPaths[0].Mailbox() != "ursel@example.org" {
		t.Errorf("the next transaction changed the envelope to %+v", e)
	}
}

// DAT-12: what the Received line says of the session.
func TestReceived(t *testing.T) {
	for with, given := range map[string][]string{
		"SMTP": {"HELO"}, "ESMTP": {"EHLO"}, "ESMTPA": {"EHLO", "tim"}, "ESMTPS": {"EHLO", "TLS"}, "ESMTPSA": {"EHLO", "TLS", "tim"},
	} {
		m := deliver(t, ready(t, "clear", given...), "")
		want := "Received: from client.example.org by mail.example.org\r\n\twith " + with + " id " + m.ID + ";\r\n\tThu, 15 Jan 2026 09:30:00 +0000\r\n"
		if string(m.Text) != want {
			t.Errorf("%v: %q, want %q", given, m.Text, want)
		}
	}
}

// SEQ-21, TLS-21: cut at any octet before the last, no message is accepted.
func TestCutInMessage(t *testing.T) {
	const text = "Subject: x\r\n\r\ny\r\n.\r\n"
	for n := range len(text) {
		h := at(t, Data)
		for _, e := range append(h.say(text[:n]), h.Step(machine.Input{Kind: machine.PeerClosed})...) {
			if e.Kind == machine.Accepted || e.Kind == machine.Said {
				t.Errorf("cut behind %q: %s", text[:n], e.Kind)
			}
		}
	}
}

// CRM-01, SAS-08: challenges are of the form and do not repeat.
func TestChallengesDiffer(t *testing.T) {
	seen := map[string]bool{}
	h := ready(t, "clear", "EHLO")
	for range 1000 {
		said := replies(h.say("AUTH CRAM-MD5\r\n*\r\n"))
		if len(said) != 2 || said[0].Code != 334 || seen[said[0].Lines[0]] {
			t.Fatalf("%v after %d challenges", said, len(seen))
		}
		seen[said[0].Lines[0]] = true
	}
}

// PLA-06, AUTH-02: an account is found, and held to its senders, by the prepared
// form of its name.
func TestPreparedNames(t *testing.T) {
	p := clearPolicy()
	p.Accounts = []sasl.Account{{Name: "t\u00adim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear, Senders: []string{"tim@example.org"}}}
	h := newHost(t, p)
	h.Step(machine.Input{Kind: machine.Connected})
	var said []int
	for _, r := range replies(h.say("EHLO a\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\nMAIL FROM:<boss@example.org>\r\nMAIL FROM:<tim@example.org>\r\n")) {
		said = append(said, r.Code)
	}
	if want := []int{250, 235, 553, 250}; !slices.Equal(said, want) {
		t.Errorf("%d, want %d", said, want)
	}
}

// An account that cannot be stored is no server.
func TestNewFails(t *testing.T) {
	p := clearPolicy()
	p.Accounts = append(p.Accounts, p.Accounts[0])
	if s, err := New(p, newHost(t, clearPolicy()).env); err == nil {
		t.Errorf("a name that two accounts bear makes %+v", s.State())
	}
}
