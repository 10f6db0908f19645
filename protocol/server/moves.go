package server

import (
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/smtp"
)

// What may move a session besides a verb.
const (
	OnIdle     = "idle"      // nothing came for too long
	OnErrors   = "errors"    // one refused command too many
	OnFailures = "failures"  // one failed AUTH too many
	OnTLSFault = "tls-fault" // the TLS handshake failed
	OnStop     = "stop"      // whoever runs the server ends the session
	OnCommand  = "command"   // a command in place of a response, by quirk
	OnHangUp   = "hang-up"   // behind a reply, by the server's own words or a quirk
)

// A Move says where a reply leads: in one of the From phases, On with a reply
// of Class (its first digit; 0: no reply is made) goes To. ID and Section name
// the rule that says so. A reply without a move leaves the phase as it was.
type Move struct {
	From    []Phase
	On      string
	Class   int
	To      Phase
	ID      string
	Section string
}

var (
	open        = []Phase{Greeted, Ready, Mail, Rcpt}
	between     = []Phase{Ready}
	transaction = []Phase{Mail, Rcpt}
	silent      = []Phase{Waiting, Handshake} // nothing can be said now
	talking     = []Phase{Greeted, Ready, Exchange, Mail, Rcpt, Data}
	always      = slices.Concat(silent, talking)
)

// Moves is the whole of the server's order: what is not here does not change
// the phase. The state diagram is drawn from it.
var Moves = []Move{
	{[]Phase{Waiting}, machine.OnConnect, 2, Greeted, "REP-09", "RFC 5321 §3.1"},
	{open, string(smtp.EHLO), 2, Ready, "REP-12", "RFC 5321 §4.1.1.1"},
	{open, string(smtp.HELO), 2, Ready, "REP-14", "RFC 5321 §4.1.1.1"},
	{between, string(smtp.STARTTLS), 2, Handshake, "TLS-04", "RFC 3207 §4"},
	{[]Phase{Handshake}, machine.OnSecured, 0, Greeted, "TLS-08", "RFC 3207 §4.2"},
	{always, OnTLSFault, 0, Closed, "TLS-18", "RFC 3207 §4.1"},
	{between, string(smtp.AUTH), 3, Exchange, "AUTH-15", "RFC 4954 §4"},
	{between, string(smtp.AUTH), 2, Ready, "AUTH-28", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 3, Exchange, "REP-17", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 2, Ready, "AUTH-28", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 4, Ready, "AUTH-35", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 5, Ready, "AUTH-35", "RFC 4954 §4"},
	{between, string(smtp.MAIL), 2, Mail, "CMD-13", "RFC 5321 §4.1.1.2"},
	{transaction, string(smtp.RCPT), 2, Rcpt, "CMD-14", "RFC 5321 §4.1.2"},
	{[]Phase{Rcpt}, string(smtp.DATA), 3, Data, "DAT-01", "RFC 5321 §4.1.1.4"},
	{[]Phase{Data}, machine.OnMessage, 2, Ready, "DAT-10", "RFC 5321 §4.3.2"},
	{[]Phase{Data}, machine.OnMessage, 4, Ready, "SEQ-17", "RFC 5321 §4.1.1.4"},
	{[]Phase{Data}, machine.OnMessage, 5, Ready, "SEQ-17", "RFC 5321 §4.1.1.4"},
	{transaction, string(smtp.RSET), 2, Ready, "SEQ-08", "RFC 5321 §4.1.1.5"},
	{open, string(smtp.QUIT), 2, Closed, "SEQ-14", "RFC 5321 §4.1.1.10"},
	{talking, OnIdle, 4, Closed, "SEQ-18", "RFC 5321 §4.5.3.2.7"},
	{silent, OnIdle, 0, Closed, "SEQ-18", "RFC 5321 §4.5.3.2.7"},
	{slices.Concat([]Phase{Waiting}, talking), OnStop, 4, Closed, "REP-11", "RFC 5321 §4.2.2"},
	{silent, OnStop, 0, Closed, "REP-11", "RFC 5321 §4.2.2"},
	{open, OnErrors, 4, Closed, "REP-11", "RFC 5321 §3.8"},
	{[]Phase{Ready, Exchange}, OnFailures, 4, Closed, "AUTH-36", "RFC 4954 §9"},
	{always, machine.OnClosed, 0, Closed, "SEQ-21", "RFC 5321 §4.1.1.10"},
}

// oddMoves are moves that quirks alone make, or a server's own words. To nowhere
// leads back to where AUTH came (State.Back), if not to Ready.
var oddMoves = []Move{
	{[]Phase{Greeted, Mail, Rcpt}, string(smtp.AUTH), 3, Exchange, "AUTH-15", "RFC 4954 §4"},
	{open, string(smtp.AUTH), 0, Exchange, "AUTH-15", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 2, "", "AUTH-28", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 4, "", "AUTH-35", "RFC 4954 §4"},
	{[]Phase{Exchange}, machine.OnResponse, 5, "", "AUTH-35", "RFC 4954 §4"},
	{[]Phase{Exchange}, OnCommand, 0, "", "AUTH-40", "RFC 4954 §4"},
	{always, OnHangUp, 0, Closed, "REP-11", "RFC 5321 §3.8"},
}

// move finds where a reply of class to on leads from s; nil: nowhere.
func move(s State, on string, class int) *Move {
	find := func(table []Move) *Move {
		for i := range table {
			if m := &table[i]; m.Class == class && m.On == on && slices.Contains(m.From, s.Phase) {
				return m
			}
		}
		return nil
	}
	odd := find(oddMoves)
	if odd != nil && (s.Back != "" || odd.To != "" || on == OnCommand) {
		return odd
	}
	return find(Moves)
}

// stays names the rule behind a reply that moves nothing: a command obeyed in
// place.
var stays = map[smtp.Verb]machine.RuleID{
	smtp.NOOP: {ID: "SEQ-10", Section: "RFC 5321 §4.1.1.9"},
	smtp.RSET: {ID: "SEQ-08", Section: "RFC 5321 §4.1.1.5"},
	smtp.VRFY: {ID: "SEQ-11", Section: "RFC 5321 §3.5"},
	smtp.HELP: {ID: "SEQ-13", Section: "RFC 5321 §4.1.1.8"},
}
