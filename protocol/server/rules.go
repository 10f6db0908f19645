package server

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// A Rule may refuse a command.
type Rule struct {
	machine.RuleID
	Place Place
	Reply smtp.Reply
	When  func(*query) bool

	// A rule of odd is tried where one of these is so.
	asked  quirk.Name // the server is asked for it
	worded bool       // the server has words of its own at the place

	every  bool    // it is tried on every command
	spared []spare // those quirks with which it is not
}

// usualTests are the tests of the RFC's rules for a verb.
var usualTests = map[smtp.Verb][]Test{}

// usual reports whether the rule is the RFC's, and of no quirk.
func (r *Rule) usual() bool { return r.asked == "" && !r.worded }

func (r *Rule) test() Test { return Test{r.RuleID, r.Reply.Code, r.every} }

// applies reports whether the rule is tried on q.
func (r *Rule) applies(q *query) bool {
	if !r.usual() {
		return q.policy.Quirks.Has(r.asked) || r.worded && q.policy.Replies[r.Place] != ""
	}
	return !slices.ContainsFunc(r.spared, func(s spare) bool { return q.policy.Quirks.Has(s.quirk) && (s.when == nil || s.when(q)) })
}

// A query is a command line and what it meets.
type query struct {
	State
	policy   *Policy
	store    *sasl.Store
	line     smtp.Line
	cmd      smtp.Command
	syntax   string // rule id of what is wrong with the line; empty: nothing
	offered  []string
	listed   bool // the last EHLO reply listed AUTH
	envelope *Envelope
}

func rule(place Place, id, section string, code int, e smtp.EnhancedCode, text string, when func(*query) bool) Rule {
	return Rule{RuleID: machine.Rule(id, section), Place: place, Reply: smtp.Say(code, e, text), When: when}
}

// Enhanced status codes by the words of RFC 3463 and RFC 5248.
var (
	badCommand   = smtp.EnhancedCode{5, 5, 1} // invalid command, or out of order
	badSyntax    = smtp.EnhancedCode{5, 5, 2}
	badArguments = smtp.EnhancedCode{5, 5, 4}
	tooLong      = smtp.EnhancedCode{5, 5, 6} // RFC 4954 §6
	security     = smtp.EnhancedCode{5, 7, 0}
	unauthorized = smtp.EnhancedCode{5, 7, 1}
	badCreds     = smtp.EnhancedCode{5, 7, 8}
	needsTLS     = smtp.EnhancedCode{5, 7, 11}
	tooBig       = smtp.EnhancedCode{5, 3, 4}
	ok           = smtp.EnhancedCode{2, 0, 0}
)

// wrong holds when the line broke the grammar rule id.
func wrong(id string) func(*query) bool { return func(q *query) bool { return q.syntax == id } }

// before are the rules for every command, tested first.
var before = []Rule{
	rule("line-too-long", "CMD-04", "RFC 5321 §4.5.3.1.4", 500, badSyntax, "Line too long", func(q *query) bool { return q.line.Length > q.limit() }),
	rule("bare-line-end", "CMD-02", "RFC 5321 §2.3.8", 500, badSyntax, "Bare CR or LF in a line", func(q *query) bool { return q.line.Rule == "CMD-02" }),
	rule("empty-line", "CMD-23", "RFC 5321 §4.1.1", 500, badSyntax, "Empty command line", wrong("CMD-23")),
	rule("not-printable", "CMD-07", "RFC 5321 §4.1.2", 501, badSyntax, "Only printable ASCII may stand in a command", wrong("CMD-07")),
	rule("unknown-command", "CMD-08", "RFC 5321 §4.2.4", 500, badCommand, "Command not recognized", func(q *query) bool { return !q.cmd.Known }),
	rule("not-implemented", "CMD-08", "RFC 5321 §4.2.4", 502, badCommand, "Command not implemented", func(q *query) bool { return !q.implemented() }),
	rule("needs-tls", "TLS-16", "RFC 3207 §4", 530, security, "Must issue a STARTTLS command first", func(q *query) bool {
		return q.policy.WithoutTLS == Answer530 && !q.TLS &&
			!slices.Contains([]smtp.Verb{smtp.NOOP, smtp.EHLO, smtp.STARTTLS, smtp.QUIT}, q.cmd.Verb)
	}),
}

// refusals lists why a command may be refused, in the order in which the
// reasons are tested. A verb that is not here is not implemented. Filled in
// init, since before asks it what exists.
var refusals map[smtp.Verb][]Rule

func init() {
	argument := rule("bad-argument", "CMD-10", "RFC 5321 §4.2.2", 501, badArguments, "Argument missing or malformed", wrong("CMD-10"))
	noArgument := rule("argument-unwanted", "CMD-11", "RFC 5321 §4.3.2", 501, badArguments, "No argument is allowed here", wrong("CMD-11"))
	refusals = map[smtp.Verb][]Rule{
		smtp.EHLO: {argument},
		smtp.HELO: {argument},
		smtp.STARTTLS: {
			rule("tls-twice", "TLS-09", "RFC 3207 §4.2", 503, badCommand, "TLS is already active", func(q *query) bool { return q.TLS }),
			rule("starttls-before-ehlo", "TLS-12", "RFC 3207 §2", 503, badCommand, "Send EHLO first", func(q *query) bool { return !q.ESMTP }),
			rule("starttls-in-transaction", "TLS-13", "RFC 3207 §4.2", 503, badCommand, "Not during a mail transaction", func(q *query) bool { return q.transaction() }),
			rule("starttls-argument", "TLS-02", "RFC 3207 §4", 501, badArguments, "STARTTLS takes no parameter", wrong("TLS-02")),
		},
		smtp.AUTH: authRefusals,
		smtp.MAIL: mailRefusals,
		smtp.RCPT: rcptRefusals,
		smtp.DATA: {
			noArgument,
			rule("data-before-rcpt", "SEQ-03", "RFC 5321 §3.3", 503, badCommand, "Send RCPT first", func(q *query) bool { return q.Phase != Rcpt }),
		},
		smtp.RSET: {noArgument},
		smtp.QUIT: {noArgument},
		smtp.NOOP: {},
		smtp.HELP: {},
		smtp.VRFY: {argument},
	}
	tested = map[smtp.Verb][]*Rule{"": pointers(odd[""], before)}
	for _, r := range tested[""] {
		r.every = true
	}
	for verb := range refusals {
		tested[verb] = pointers(odd[""], before, odd[verb], refusals[verb])
	}
	for verb, rules := range tested {
		usualTests[verb] = []Test{}
		for _, r := range rules {
			if r.usual() {
				usualTests[verb] = append(usualTests[verb], r.test())
			}
		}
	}
	for _, s := range spares {
		for i := range refusals[s.verb] {
			if r := &refusals[s.verb][i]; r.Place == s.place && r.ID == s.id {
				r.spared = append(r.spared, s)
			}
		}
	}
}

// tested are all rules for a verb, in the order in which they are tested; under
// "" those for any other.
var tested map[smtp.Verb][]*Rule

func pointers(tables ...[]Rule) (all []*Rule) {
	for _, table := range tables {
		for i := range table {
			all = append(all, &table[i])
		}
	}
	return all
}

// implemented reports whether this server does the command. What it does or
// does not by policy it lists accordingly (REP-16, SEQ-13); inside TLS,
// STARTTLS has a rule of its own (TLS-09).
func (q *query) implemented() bool {
	switch q.cmd.Verb {
	case smtp.STARTTLS:
		return q.TLS || q.policy.has("STARTTLS")
	case smtp.HELP:
		return q.policy.has("HELP")
	}
	return refusals[q.cmd.Verb] != nil
}

var authRefusals = []Rule{
	rule("auth-twice", "AUTH-10", "RFC 4954 §4", 503, badCommand, "Already authenticated", func(q *query) bool { return q.Authcid != "" }),
	rule("auth-in-transaction", "AUTH-11", "RFC 4954 §4", 503, badCommand, "Not during a mail transaction", func(q *query) bool {
		return q.transaction()
	}),
	rule("auth-before-ehlo", "AUTH-05", "RFC 4954 §3", 503, badCommand, "Send EHLO first", func(q *query) bool {
		return !q.ESMTP
	}),
	rule("auth-no-mechanism", "AUTH-07", "RFC 4954 §4", 501, badArguments, "Mechanism missing", wrong("AUTH-07")),
	rule("auth-extra", "AUTH-08", "RFC 4954 §4", 501, badArguments, "Too many arguments", wrong("AUTH-08")),
	rule("auth-needs-tls", "AUTH-33", "RFC 4954 §4", 504, badArguments, "Mechanism needs TLS", func(q *query) bool {
		return q.policy.WithoutTLS == Answer504 && q.needsTLS()
	}),
	rule("auth-needs-tls", "AUTH-33", "RFC 4954 §6", 538, needsTLS, "Encryption required for requested authentication mechanism", func(q *query) bool {
		return q.policy.WithoutTLS == Legacy538 && q.needsTLS()
	}),
	rule("auth-not-offered", "AUTH-06", "RFC 4954 §4", 503, badCommand, "AUTH is not offered now", func(q *query) bool { return len(q.offered) == 0 }),
	rule("auth-unknown", "AUTH-09", "RFC 4954 §4", 504, badArguments, "Unrecognized authentication type", func(q *query) bool { return !q.available() }),
	rule("auth-no-initial", "AUTH-16", "RFC 4954 §4", 501, security, "This mechanism takes no initial response", func(q *query) bool {
		m, _ := sasl.Lookup(q.cmd.Mechanism)
		return q.cmd.Initial.Present && !m.ClientFirst && q.available() && !(m.Resumes && q.policy.DigestAgain)
	}),
}

// needsTLS reports whether TLS alone stands between the client and its mechanism.
func (q *query) needsTLS() bool {
	return !q.TLS && !slices.Contains(q.offered, q.cmd.Mechanism) &&
		(slices.Contains(q.policy.AfterTLS, q.cmd.Mechanism) || q.does(quirk.TLSForAny))
}

func (q *query) available() bool {
	_, known := sasl.Lookup(q.cmd.Mechanism)
	return known && slices.Contains(q.offered, q.cmd.Mechanism)
}

var mailRefusals = []Rule{
	rule("mail-before-ehlo", "TLS-08", "RFC 3207 §4.2", 503, badCommand, "Send EHLO first", func(q *query) bool {
		return q.Phase == Greeted && q.TLS && q.policy.Role != Submissions
	}),
	rule("mail-before-ehlo", "SEQ-01", "RFC 5321 §4.1.4", 503, badCommand, "Send EHLO first", func(q *query) bool { return q.Phase == Greeted }),
	rule("mail-twice", "SEQ-04", "RFC 5321 §4.1.4", 503, badCommand, "A mail transaction is open", func(q *query) bool { return q.transaction() }),
	rule("auth-required", "AUTH-34", "RFC 4954 §6", 530, security, "Authentication required", func(q *query) bool {
		return q.policy.RequireAuth && q.Authcid == ""
	}),
	rule("mail-syntax", "CMD-10", "RFC 5321 §4.2.2", 501, badArguments, "Syntax: MAIL FROM:<address>", wrong("CMD-10")),
	rule("mail-syntax", "CMD-13", "RFC 5321 §4.1.1.2", 501, badSyntax, "Syntax: MAIL FROM:<address>", wrong("CMD-13")),
	rule("mail-address", "CMD-14", "RFC 5321 §4.1.2", 501, smtp.EnhancedCode{5, 1, 7}, "Bad sender address", wrong("CMD-14")),
	rule("mail-utf8", "UTF-01", "RFC 6531 §3.4", 553, smtp.EnhancedCode{5, 6, 7}, "Address needs SMTPUTF8", func(q *query) bool {
		_, given := q.cmd.Param("SMTPUTF8")
		return q.syntax == "UTF-01" || !given && !q.cmd.Path.IsASCII()
	}),
	rule("mail-parameter", "CMD-17", "RFC 5321 §4.1.1.11", 555, badArguments, "Parameter not recognized", func(q *query) bool {
		return slices.ContainsFunc(q.cmd.Params, func(p smtp.Param) bool { return !q.mayCarry(p.Name) })
	}),
	rule("mail-parameter-twice", "CMD-10", "RFC 5321 §4.2.2", 501, badArguments, "Parameter given twice", func(q *query) bool { return twice(q.cmd.Params) }),
	rule("mail-size", "SIZ-01", "RFC 1870 §6.1", 501, badArguments, "SIZE wants a number of octets", func(q *query) bool {
		p, given := q.cmd.Param("SIZE")
		return given && (p.Value == "" || len(p.Value) > 20 || strings.Trim(p.Value, "0123456789") != "")
	}),
	rule("mail-too-big", "SIZ-01", "RFC 1870 §6.1", 552, tooBig, "Message too big", func(q *query) bool {
		p, given := q.cmd.Param("SIZE")
		n, err := strconv.ParseUint(p.Value, 10, 64) // 20 digits may pass 64 bits: then err says so
		return given && (err != nil || n > uint64(q.policy.maxSize()))
	}),
	rule("mail-body", "EBM-01", "RFC 6152 §3", 501, badArguments, "BODY is 7BIT or 8BITMIME", func(q *query) bool {
		p, given := q.cmd.Param("BODY")
		return given && !strings.EqualFold(p.Value, "7BIT") && !strings.EqualFold(p.Value, "8BITMIME")
	}),
	rule("mail-utf8", "UTF-01", "RFC 6531 §3.4", 501, badArguments, "SMTPUTF8 takes no value", func(q *query) bool {
		p, given := q.cmd.Param("SMTPUTF8")
		return given && p.HasValue
	}),
	rule("mail-auth", "PAR-02", "RFC 4954 §8", 501, badArguments, "AUTH wants a mailbox in xtext, or <>", func(q *query) bool {
		p, given := q.cmd.Param("AUTH")
		if !given {
			return false
		}
		_, err := submitter(p.Value)
		return err != nil
	}),
	rule("sender-not-owned", "SUB-03", "RFC 6409 §6.1", 553, unauthorized, "Sender address not owned by the authenticated user", func(q *query) bool {
		return q.foreign(q.cmd.Path)
	}),
}

var rcptRefusals = []Rule{
	rule("rcpt-before-mail", "SEQ-03", "RFC 5321 §3.3", 503, badCommand, "Send MAIL first", func(q *query) bool { return !q.transaction() }),
	rule("rcpt-syntax", "CMD-10", "RFC 5321 §4.2.2", 501, badArguments, "Syntax: RCPT TO:<address>", wrong("CMD-10")),
	rule("rcpt-syntax", "CMD-13", "RFC 5321 §4.1.1.3", 501, badSyntax, "Syntax: RCPT TO:<address>", wrong("CMD-13")),
	rule("rcpt-address", "CMD-14", "RFC 5321 §4.1.2", 501, smtp.EnhancedCode{5, 1, 3}, "Bad recipient address", wrong("CMD-14")),
	rule("rcpt-utf8", "UTF-01", "RFC 6531 §3.4", 553, smtp.EnhancedCode{5, 6, 7}, "Address needs SMTPUTF8", func(q *query) bool {
		return q.syntax == "UTF-01" || !q.envelope.SMTPUTF8 && !q.cmd.Path.IsASCII()
	}),
	rule("rcpt-parameter", "CMD-17", "RFC 5321 §4.1.1.11", 555, badArguments, "Parameter not recognized", func(q *query) bool { return len(q.cmd.Params) > 0 }),
	rule("too-many-recipients", "SEQ-16", "RFC 5321 §4.5.3.1.10", 452, smtp.EnhancedCode{4, 5, 3}, "Too many recipients", func(q *query) bool {
		return len(q.envelope.ForwardPaths) >= q.policy.Limits.recipients()
	}),
	rule("relay-denied", "ANO-03", "RFC 4505 §5", 550, unauthorized, "Relaying denied to anonymous users", func(q *query) bool {
		return q.Anonymous && !q.policy.local(q.cmd.Path)
	}),
	rule("relay-denied", "SUB-04", "RFC 5321 §7.9", 550, unauthorized, "Relaying denied", func(q *query) bool {
		return q.Authcid == "" && !q.policy.local(q.cmd.Path)
	}),
}
