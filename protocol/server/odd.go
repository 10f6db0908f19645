package server

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

// odd are the rules that apply to no server but one with quirks, or with words
// of its own for a case that others do not tell apart: those for every command
// under "", tested before all others, those of a verb before the verb's own.
var odd = map[smtp.Verb][]Rule{
	"": {
		rule("needs-tls", "TLS-16", "RFC 3207 §4", 530, security, "Must issue a STARTTLS command first", func(q *query) bool {
			return q.policy.WithoutTLS == Answer530 && !q.TLS && !q.cmd.Known
		}).by(quirk.TLSForAny),
		rule("not-a-command", "CMD-08", "RFC 5321 §4.2.4", 500, badCommand, "Command not recognized", func(q *query) bool {
			return q.cmd.Verb != "" && (q.cmd.Verb[0] < 'A' || q.cmd.Verb[0] > 'Z')
		}).inWords(),
	},
	smtp.STARTTLS: {
		rule("starttls-authenticated", "TLS-13", "RFC 3207 §4.2", 503, badCommand, "Not after authentication", func(q *query) bool {
			return q.Authcid != ""
		}).inWords(),
	},
	smtp.EHLO: {
		rule("ehlo-twice", "SEQ-06", "RFC 5321 §4.1.4", 503, badCommand, "EHLO was said", func(q *query) bool {
			return q.ESMTP
		}).by(quirk.EHLOOnce),
	},
	smtp.AUTH: {
		rule("auth-as-listed", "AUTH-06", "RFC 4954 §4", 503, badCommand, "AUTH is not offered now", func(q *query) bool {
			return !q.listed
		}).by(quirk.AuthAsListed),
		rule("auth-after-helo", "AUTH-05", "RFC 4954 §3", 503, badCommand, "Send EHLO first", func(q *query) bool {
			return q.Phase != Greeted && !q.ESMTP && q.Authcid == ""
		}).inWords(),
		rule("auth-mechanism-case", "AUTH-03", "RFC 4954 §8", 504, badArguments, "Unrecognized authentication type", func(q *query) bool {
			return q.ESMTP && q.Authcid == "" && !strings.HasPrefix(q.cmd.Arg, q.cmd.Mechanism)
		}).by(quirk.MechanismCase),
		rule("equals-sign", "AUTH-13", "RFC 4954 §4", 501, badSyntax, "Cannot decode response", func(q *query) bool {
			return q.cmd.Initial.Text == "=" && q.Authcid == "" && q.available()
		}).by(quirk.EqualsSign),
		rule("plain-needs-initial", "AUTH-15", "RFC 4954 §4", 535, badCreds, "Authentication credentials invalid", func(q *query) bool {
			return q.cmd.Mechanism == "PLAIN" && !q.cmd.Initial.Present && q.available() && q.Authcid == ""
		}).by(quirk.PlainNeedsInitial),
	},
	smtp.MAIL: {
		rule("mail-auth", "PAR-02", "RFC 4954 §8", 501, badArguments, "AUTH wants a mailbox in xtext, or <>", func(q *query) bool {
			_, given := q.cmd.Param("AUTH")
			return given
		}).by(quirk.MailAuthBrackets),
	},
	smtp.RCPT: {
		unauthenticated,
		rule("sender-not-owned", "SUB-03", "RFC 6409 §6.1", 553, unauthorized, "Sender address not owned by the authenticated user", func(q *query) bool {
			return q.transaction() && q.foreign(q.envelope.ReversePath)
		}).by(quirk.SenderAtRCPT),
		rule("user-unknown", "SUB-04", "RFC 5321 §7.9", 550, smtp.EnhancedCode{5, 1, 1}, "User unknown", func(q *query) bool {
			return q.transaction() && q.syntax == "" && q.policy.local(q.cmd.Path)
		}).inWords(),
	},
	smtp.DATA: {unauthenticated},
}

// A spare is a quirk with which a server does not try a rule of the RFC.
type spare struct {
	quirk quirk.Name
	verb  smtp.Verb
	place Place
	id    string
	when  func(*query) bool // nil: always
}

var spares = []spare{
	{quirk.AuthTwice, smtp.AUTH, "auth-twice", "AUTH-10", nil},
	{quirk.AuthInTransaction, smtp.AUTH, "auth-in-transaction", "AUTH-11", nil},
	{quirk.AuthBeforeEHLO, smtp.AUTH, "auth-before-ehlo", "AUTH-05", func(q *query) bool { return q.Phase == Greeted }},
	{quirk.AuthAfterHELO, smtp.AUTH, "auth-before-ehlo", "AUTH-05", func(q *query) bool { return q.Phase != Greeted }},
	{quirk.AnyMechanism, smtp.AUTH, "auth-unknown", "AUTH-09", nil},
	{quirk.InitialIgnored, smtp.AUTH, "auth-no-initial", "AUTH-16", nil},
	{quirk.MailAuthUnchecked, smtp.MAIL, "mail-auth", "PAR-02", nil},
	{quirk.SenderAtRCPT, smtp.MAIL, "sender-not-owned", "SUB-03", nil},
	{quirk.SenderAtEnd, smtp.MAIL, "sender-not-owned", "SUB-03", nil},
	{quirk.OpenRelay, smtp.RCPT, "relay-denied", "SUB-04", nil},
}

// unauthenticated refuses what follows MAIL.
var unauthenticated = rule("auth-required", "AUTH-34", "RFC 4954 §6", 530, security, "Authentication required", func(q *query) bool {
	return q.policy.RequireAuth && q.Authcid == ""
}).by(quirk.AuthFirst)

// by is the rule for a server with a quirk alone.
func (r Rule) by(n quirk.Name) Rule {
	r.asked = n
	return r
}

// inWords is the rule for a server alone that has words of its own at the place.
func (r Rule) inWords() Rule {
	r.worded = true
	return r
}

// does reports whether the server is asked for a quirk; weigh notes which decide.
func (q *query) does(n quirk.Name) bool { return q.policy.Quirks.Has(n) }

// foreign reports whether path is not one that the user may use.
func (q *query) foreign(path smtp.Path) bool {
	return q.Authcid != "" && !q.maySend(path)
}

// sameDomain reports whether path lies in the domain of one of the senders.
func sameDomain(senders []string, path smtp.Path) bool {
	return slices.ContainsFunc(senders, func(s string) bool {
		return strings.EqualFold(s[strings.LastIndexByte(s, '@')+1:], path.Domain)
	})
}
