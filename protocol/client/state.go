package client

import (
	"slices"

	"example.org/smtpauth/protocol/machine"
)

// A Phase is what the client waits for.
type Phase string

const (
	Connecting Phase = "connecting" // nothing has happened yet
	Greeting   Phase = "greeting"   // the server's greeting is awaited
	Ehlo       Phase = "ehlo"       // each of these: the reply to the command so named
	Helo       Phase = "helo"
	StartTLSed Phase = "starttls"
	Handshake  Phase = "handshake" // the octets belong to TLS
	Auth       Phase = "auth"      // a challenge or the outcome
	Cancelled  Phase = "cancelled" // the reply to "*"
	MailFrom   Phase = "mail"
	RcptTo     Phase = "rcpt"
	DataAsked  Phase = "data"
	Message    Phase = "message" // the reply to the end of the message
	Reset      Phase = "rset"
	Noop       Phase = "noop" // by quirk
	Quitting   Phase = "quit"
	Closed     Phase = "closed"
)

// State is what the client remembers between replies. It holds no pointers:
// assigning it is taking a snapshot. Apart from it stand the server's list of
// extensions, the AUTH exchange while it lasts, and what the plan has behind it:
// which mechanisms were tried, and how far the ways of quirks have come.
type State struct {
	Phase         Phase  `json:"phase"`
	TLS           bool   `json:"tls,omitempty"`
	ESMTP         bool   `json:"esmtp,omitempty"`     // EHLO was taken
	Mechanism     string `json:"mechanism,omitempty"` // of the exchange that runs
	Authenticated bool   `json:"authenticated,omitempty"`
	Recipient     int    `json:"recipient,omitempty"` // RCPTs answered
	Accepted      int    `json:"accepted,omitempty"`  // RCPTs accepted
	Delivered     bool   `json:"delivered,omitempty"` // the server has the message
}

// A Move says which phase the client enters when it sends On.
type Move struct {
	From    []Phase
	On      string
	To      Phase
	ID      string
	Section string
}

// What may move a client besides a command it sends.
const (
	OnSecure = "secure" // TLS begins
)

var (
	greeted = []Phase{Ehlo, Helo, StartTLSed}
	talking = []Phase{Greeting, Ehlo, Helo, StartTLSed, Auth, Cancelled, MailFrom, RcptTo, DataAsked, Message, Reset}
	always  = slices.Concat([]Phase{Connecting, Handshake, Quitting}, talking)
)

// Moves is the order in which the client speaks: one command, then its reply
// (SEQ-20). The state diagram is drawn from it.
var Moves = []Move{
	{[]Phase{Connecting}, machine.OnConnect, Greeting, "REP-09", "RFC 5321 §3.1"},
	{[]Phase{Greeting}, "EHLO", Ehlo, "REP-09", "RFC 5321 §3.1"},
	{[]Phase{Handshake}, "EHLO", Ehlo, "TLS-10", "RFC 3207 §4.2"},
	{[]Phase{Ehlo}, "HELO", Helo, "REP-15", "RFC 5321 §3.2"},
	{[]Phase{Ehlo}, "STARTTLS", StartTLSed, "TLS-11", "RFC 3207 §4.2"},
	{[]Phase{StartTLSed}, OnSecure, Handshake, "TLS-04", "RFC 3207 §4"},
	{[]Phase{Handshake}, machine.OnSecured, Handshake, "TLS-07", "RFC 3207 §4.2"},
	{[]Phase{Ehlo, StartTLSed, MailFrom, Reset}, "AUTH", Auth, "AUTH-39", "RFC 4954 §4"},
	{[]Phase{Auth}, machine.OnResponse, Auth, "AUTH-15", "RFC 4954 §4"},
	{[]Phase{Auth}, machine.OnCancel, Cancelled, "AUTH-21", "RFC 4954 §4"},
	{slices.Concat(greeted, []Phase{Auth}), "MAIL", MailFrom, "CMD-19", "RFC 5321 §4.1.1.3"},
	{[]Phase{MailFrom, RcptTo}, "RCPT", RcptTo, "SEQ-20", "RFC 5321 §4.3.1"},
	{[]Phase{RcptTo}, "DATA", DataAsked, "PIP-04", "RFC 2920 §3.1"},
	{[]Phase{DataAsked}, machine.OnMessage, Message, "DAT-03", "RFC 5321 §4.5.2"},
	{[]Phase{RcptTo, DataAsked}, "RSET", Reset, "SEQ-08", "RFC 5321 §4.1.1.5"},
	{talking, "QUIT", Quitting, "SEQ-15", "RFC 5321 §4.1.1.10"},
	{always, machine.OnClosed, Closed, "SEQ-21", "RFC 5321 §4.1.1.10"},
}
