package client

import (
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/smtp"
)

// An answer says what the client does when a reply comes in one of the phases.
type answer struct {
	in   []Phase
	when func(*Client, smtp.Reply) bool // nil: whatever it is
	does func(*Client, smtp.Reply)
}

// in is one phase, for a row.
func in(phases ...Phase) []Phase { return phases }

// answers are RFC 5321 §3 and §4.3.2, RFC 3207 §4 and RFC 4954 §4 and §6, as this
// client reads them: the first row that fits decides. A 421 may answer anything,
// and is dealt with before (REP-11).
var answers = []answer{
	{in(Greeting), positive, then((*Client).ehlo)},
	{in(Greeting), nil, stops("greeting-refused", "REP-10", "RFC 5321 §3.1")},

	{in(Ehlo), positive, (*Client).listed},
	{in(Ehlo), noEhloNeeded, then((*Client).helo)},
	{in(Ehlo), nil, stops("ehlo-refused", "REP-15", "RFC 5321 §3.2")}, // without EHLO there is neither AUTH nor STARTTLS
	{in(Helo), positive, then((*Client).proceed)},
	{in(Helo), nil, stops("helo-refused", "REP-07", "RFC 5321 §4.2")},

	{in(StartTLSed), positiveAndMore, then((*Client).injected)},
	{in(StartTLSed), positive, then((*Client).secure)},
	{in(StartTLSed), tlsWanted, stops("starttls-refused", "TLS-03", "RFC 3207 §4")},
	{in(StartTLSed), nil, then((*Client).proceed)},

	{in(Auth), code(334), (*Client).challenged},
	{in(Auth), positiveTooEarly, breaks("success-too-early", "AUTH-42", "RFC 4954 §4")},
	{in(Auth), authenticated, then((*Client).letIn)},
	{in(Auth), negative, func(c *Client, r smtp.Reply) { c.stop(refusedAuth(c.state.Mechanism, r), true) }},
	{in(Auth), nil, breaks("not-an-auth-reply", "AUTH-28", "RFC 4954 §4")},
	{in(Cancelled), nil, then((*Client).quit)}, // whatever it says, the exchange is over

	{in(MailFrom), wantsAuth, then((*Client).authenticate)},  // no transaction was opened
	{in(RcptTo, DataAsked), wantsAuth, then((*Client).rset)}, // AUTH-11: not inside a transaction
	{in(Reset), nil, then((*Client).authenticate)},

	{in(MailFrom), positiveToSend, then((*Client).rcptTo)},
	{in(MailFrom), positive, then((*Client).quit)},
	{in(MailFrom), nil, refuses("sender-refused", senderRule)},
	{in(RcptTo), moreRecipients, then((*Client).rcptTo)},
	{in(RcptTo), stopsHere, then((*Client).halt)},
	{in(RcptTo), someRecipient, then((*Client).data)},
	{in(RcptTo), nil, refuses("recipient-refused", recipientRule)},
	{in(DataAsked), class(3), then((*Client).sayMessage)}, // 354, or what REP-07 takes for it
	{in(Message), positive, then((*Client).delivered)},
	{in(DataAsked, Message), nil, refuses("message-refused", messageRule)},

	{in(Quitting), nil, then((*Client).end)},
}

// What a reply may be.
var (
	positive = class(2)
	// positiveTooEarly is a success before the mechanism has said all it has to say.
	positiveTooEarly = func(c *Client, r smtp.Reply) bool { return r.Class() == 2 && !c.auth.Done }
	// authenticated is 235, or a 2yz that no other command has (REP-07).
	authenticated   = func(_ *Client, r smtp.Reply) bool { return r.Class() == 2 && !slices.Contains(ordinary, r.Code) }
	negative        = func(_ *Client, r smtp.Reply) bool { return r.Class() >= 4 }
	noEhloNeeded    = func(c *Client, r smtp.Reply) bool { return unknownCommand(r) && !c.needsEhlo() }
	positiveAndMore = func(c *Client, r smtp.Reply) bool { return r.Class() == 2 && c.replies.Buffered() > 0 }
	tlsWanted       = func(c *Client, _ smtp.Reply) bool { return c.plan.TLS == StartTLS }
	// wantsAuth is a refusal that may be for want of authentication, which the plan
	// then does.
	wantsAuth      = func(c *Client, r smtp.Reply) bool { return c.plan.When == OnDemand && !c.tried && r.Class() == 5 }
	positiveToSend = func(c *Client, r smtp.Reply) bool { return r.Class() == 2 && len(c.plan.Mail.To) > 0 }
	moreRecipients = func(c *Client, _ smtp.Reply) bool { return c.state.Recipient < len(c.plan.Mail.To) }
	stopsHere      = func(c *Client, _ smtp.Reply) bool { return c.plan.Mail.Stop }
	someRecipient  = func(c *Client, _ smtp.Reply) bool { return c.state.Accepted > 0 }
)

func class(of int) func(*Client, smtp.Reply) bool {
	return func(_ *Client, r smtp.Reply) bool { return r.Class() == of }
}

func code(of int) func(*Client, smtp.Reply) bool {
	return func(_ *Client, r smtp.Reply) bool { return r.Code == of }
}

// ordinary are the positive replies of other commands: no outcome of AUTH.
var ordinary = []int{211, 214, 220, 221, 250, 251, 252}

func unknownCommand(r smtp.Reply) bool { return r.Code == 500 || r.Code == 502 }

// needsEhlo reports whether the plan needs an extension.
func (c *Client) needsEhlo() bool { return c.plan.When != Never || c.plan.TLS == StartTLS }

// then is an action that asks no more of the reply.
func then(do func(*Client)) func(*Client, smtp.Reply) {
	return func(c *Client, _ smtp.Reply) { do(c) }
}

// stops gives up for a refusal, with QUIT.
func stops(fault, rule, section string) func(*Client, smtp.Reply) {
	return func(c *Client, r smtp.Reply) {
		c.stop(Fault{fault, ServerRefused, machine.Rule(rule, section), r.Code}, true)
	}
}

// breaks gives up a server that broke a rule, at once.
func breaks(fault, rule, section string) func(*Client, smtp.Reply) {
	return func(c *Client, r smtp.Reply) {
		c.stop(Fault{fault, ServerBroke, machine.Rule(rule, section), r.Code}, false)
	}
}

// refuses gives up for a refusal of the mail, with QUIT.
func refuses(fault string, rule func(code int) machine.RuleID) func(*Client, smtp.Reply) {
	return func(c *Client, r smtp.Reply) { c.stop(refusedMail(fault, rule(r.Code), r), true) }
}

// take decides on a reply.
func (c *Client) take(r smtp.Reply) {
	phase := c.state.Phase
	if r.Code == 421 && phase != Quitting {
		c.stop(Fault{"service-closing", ServerRefused, machine.Rule("REP-11", "RFC 5321 §3.8"), 421}, false)
		return
	}
	if phase == RcptTo && !wantsAuth(c, r) {
		c.count(r)
	}
	if len(c.plan.Quirks) > 0 {
		for i := range oddAnswers {
			if a := &oddAnswers[i]; a.fits(c, phase, r) {
				a.does(c, r)
				return
			}
		}
	}
	for i := range answers {
		if a := &answers[i]; slices.Contains(a.in, phase) && (a.when == nil || a.when(c, r)) {
			a.does(c, r)
			return
		}
	}
}

// count counts the recipients that were answered.
func (c *Client) count(r smtp.Reply) {
	c.state.Recipient++
	if r.Class() == 2 {
		c.state.Accepted++
	}
}
