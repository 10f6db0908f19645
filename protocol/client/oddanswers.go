package client

import (
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

// An oddAnswer is an answer of a client with a quirk. Without one it asks several
// itself, in fits.
type oddAnswer struct {
	quirk quirk.Name
	answer
}

// oddAnswers are tried before the others.
var oddAnswers = []oddAnswer{
	{quirk.HELOTried, answer{in(Ehlo), func(c *Client, r smtp.Reply) bool { return unknownCommand(r) && c.needsEhlo() }, then((*Client).helo)}},

	{quirk.Already503, answer{in(Auth), code(503), then((*Client).letIn)}},
	{quirk.Any2xx, answer{in(Auth), func(c *Client, r smtp.Reply) bool { return slices.Contains(ordinary, r.Code) && c.auth.Done }, then((*Client).letIn)}},
	{"", answer{in(Auth), refuses2xx, func(c *Client, r smtp.Reply) { c.refused(notAuthReply(r)) }}},
	{"", answer{in(Auth), negative, func(c *Client, r smtp.Reply) { c.refused(refusedAuth(c.state.Mechanism, r)) }}},
	{"", answer{in(Cancelled), nil, then((*Client).cancelled)}},

	{"", answer{in(Reset), func(c *Client, _ smtp.Reply) bool { return c.left }, then((*Client).quitAfterReset)}},
	{"", answer{in(Noop), nil, then((*Client).afterNoop)}},

	{quirk.OnMailRefused, answer{in(MailFrom), func(c *Client, r smtp.Reply) bool { return refusedMailFrom(c, r) && len(c.plan.Mail.To) > 0 }, func(c *Client, _ smtp.Reply) {
		c.mailNo = true
		c.rcptTo()
	}}},
	{quirk.ResetRefused, answer{in(MailFrom), refusedMailFrom, func(c *Client, r smtp.Reply) {
		c.note(refusedMail("sender-refused", senderRule(r.Code), r))
		c.leaveByReset()
	}}},
	{quirk.DataAnyway, answer{in(RcptTo), func(c *Client, r smtp.Reply) bool {
		return !wantsAuth(c, r) && !moreRecipients(c, r) && !stopsHere(c, r) && !someRecipient(c, r)
	}, then((*Client).data)}},
	{quirk.DataAnyway, answer{in(DataAsked), func(c *Client, r smtp.Reply) bool {
		return !wantsAuth(c, r) && (c.mailNo || c.state.Accepted == 0 || r.Class() != 3)
	}, func(c *Client, r smtp.Reply) {
		c.note(refusedMail("message-refused", messageRule(r.Code), r))
		c.end()
	}}},
}

func (a *oddAnswer) fits(c *Client, phase Phase, r smtp.Reply) bool {
	return slices.Contains(a.in, phase) && (a.when == nil || a.when(c, r)) && (a.quirk == "" || c.does(a.quirk))
}

func refusedMailFrom(c *Client, r smtp.Reply) bool { return r.Class() != 2 && !wantsAuth(c, r) }

func notAuthReply(r smtp.Reply) Fault {
	return Fault{"not-an-auth-reply", ServerBroke, machine.Rule("AUTH-28", "RFC 4954 §4"), r.Code}
}

// refuses2xx reports whether a positive reply to AUTH is none for this client, and
// notes which quirk decided.
func refuses2xx(c *Client, r smtp.Reply) bool {
	if r.Class() != 2 || !(r.Code != 235 && c.asks(quirk.Refuse2xx) || c.short && c.does(quirk.EmptyRefused)) {
		return false
	}
	if r.Code != 235 && !(slices.Contains(ordinary, r.Code) && c.onRefusal(notAuthReply(r)) == "stop" && c.asks(quirk.CloseOnFailure)) {
		c.does(quirk.Refuse2xx) // and not only what is refused anyway
	}
	return true
}
