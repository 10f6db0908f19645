// Package problem tells the refusals of a log-in apart. RFC 4954 §6 has a dozen
// codes for them, RFC 5248 an enhanced code or two for each, and servers put the
// rest into words of their own, most of it behind 535. One table of all three
// says of which kind a refusal is. It is nobody's verdict: of what a server does
// not tell, the kind is Unclear.
package problem

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/smtp"
)

// A Kind is what a refusal is about. It is an id: its words are the page's.
type Kind string

const (
	Credentials   Kind = "credentials"   // name or password
	AppPassword   Kind = "app-password"  // a password for programs is wanted, not the account's
	Policy        Kind = "policy"        // a rule of whoever runs the server, for this user or everybody
	Token         Kind = "token"         // XOAUTH2, OAUTHBEARER
	Ticket        Kind = "ticket"        // GSSAPI
	Certificate   Kind = "certificate"   // EXTERNAL
	Binding       Kind = "binding"       // the two ends are not of one TLS connection
	Altered       Kind = "altered"       // the two ends have not seen the same messages
	Authorization Kind = "authorization" // the right to act as another
	TooWeak       Kind = "too-weak"      // the mechanism, for this user
	Transition    Kind = "transition"    // what is stored of the password does not do, or it has expired
	Temporary     Kind = "temporary"     // the password was not judged
	TooMany       Kind = "too-many"      // log-ins, or failures: wait
	NeedsTLS      Kind = "needs-tls"
	Mechanism     Kind = "mechanism"  // it is not known, or not offered
	Form          Kind = "form"       // base64, or what it spells
	Order         Kind = "order"      // AUTH does not belong here, or is not offered
	NeedsAuth     Kind = "needs-auth" // some other command wants a log-in first
	Unclear       Kind = "unclear"
)

// Kinds are all of them, in the order of their declaration.
var Kinds = []Kind{Credentials, AppPassword, Policy, Token, Ticket, Certificate, Binding, Altered, Authorization, TooWeak, Transition,
	Temporary, TooMany, NeedsTLS, Mechanism, Form, Order, NeedsAuth, Unclear}

// A row fits a reply that has its code, its enhanced code and one of its words;
// what a row leaves out fits any.
type row struct {
	code     int
	enhanced smtp.EnhancedCode
	words    []string // ASCII in lower case
	kind     Kind
}

func (r *row) fits(reply smtp.Reply, text string) bool {
	return (r.code == 0 || r.code == reply.Code) && (r.enhanced == smtp.EnhancedCode{} || r.enhanced == reply.Enhanced) &&
		(len(r.words) == 0 || slices.ContainsFunc(r.words, func(w string) bool { return strings.Contains(text, w) }))
}

// proof is what a mechanism shows in place of a password.
func proof(mechanism string) Kind {
	switch strings.ToUpper(mechanism) {
	case "XOAUTH2", "OAUTHBEARER":
		return Token
	case "GSSAPI":
		return Ticket
	case "EXTERNAL":
		return Certificate
	}
	return Credentials
}

// Of is the kind of a refusal, by a reply of class 4 or 5 to AUTH with a
// mechanism, to a line of its exchange, or, without one, to any other command.
func Of(mechanism string, reply smtp.Reply) Kind {
	text := lower(strings.Join(reply.Lines, " "))
	i := slices.IndexFunc(rows, func(r row) bool { return r.fits(reply, text) })
	if i < 0 {
		return Unclear
	}
	if rows[i].kind == Credentials {
		return proof(mechanism)
	}
	return rows[i].kind
}

// lower knows ASCII alone: what else stands there may be in any character set.
func lower(text string) string {
	octets := []byte(text)
	for i, b := range octets {
		if 'A' <= b && b <= 'Z' {
			octets[i] = b - 'A' + 'a'
		}
	}
	return string(octets)
}

// OfReason is the kind of what a server here found (one of its reasons), which it need
// not have told; Unclear for what no server finds.
func OfReason(reason string) Kind {
	for _, r := range reasons {
		if slices.Contains(r.list, reason) {
			return r.kind
		}
	}
	return Unclear
}
