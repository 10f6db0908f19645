package client

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

// mailFrom opens the mail transaction, with the parameters of extensions that
// the server lists and no others (CMD-19).
func (c *Client) mailFrom() {
	c.state.Recipient, c.state.Accepted = 0, 0
	from := smtp.Path{}
	if c.plan.Mail.From != "" {
		var err error
		if from, err = smtp.ParseMailbox(c.plan.Mail.From); err != nil {
			c.unsendable(pathRule(err))
			return
		}
	}
	if tooLong(c.plan.Mail.Text) {
		c.unsendable(machine.Rule("DAT-08", "RFC 5321 §4.5.3.1.6"))
		return
	}
	line := c.verb("MAIL") + " FROM:" + from.String()
	if _, listed := c.extension("SIZE"); listed && !c.does(quirk.SizeUnsaid) {
		line += " SIZE=" + strconv.Itoa(len(c.plan.Mail.Text))
	}
	if _, listed := c.extension("8BITMIME"); listed && (eightBit(c.plan.Mail.Text) || c.does(quirk.BodyAlways)) {
		line += " BODY=8BITMIME"
	}
	if _, listed := c.extension("SMTPUTF8"); listed && c.does(quirk.UTF8Always) {
		line += " SMTPUTF8"
	}
	c.send("MAIL", line)
}

func eightBit(text string) bool {
	return slices.ContainsFunc([]byte(text), func(b byte) bool { return b > 127 })
}

func (c *Client) rcptTo() {
	to, err := smtp.ParseMailbox(c.plan.Mail.To[c.state.Recipient])
	if err != nil {
		c.unsendable(pathRule(err))
		return
	}
	c.send("RCPT", c.verb("RCPT")+" TO:"+to.String())
}

func (c *Client) unsendable(rule machine.RuleID) {
	c.stop(Fault{ID: "unsendable", Whose: Ours, RuleID: rule}, true)
}

// pathRule is the rule that keeps a path from being sent: this client does not
// do SMTPUTF8.
func pathRule(err error) machine.RuleID {
	if bad := (*smtp.SyntaxError)(nil); errors.As(err, &bad) && bad.Rule == "UTF-01" {
		return machine.Rule("UTF-01", "RFC 6531 §3.4")
	}
	return machine.Rule("CMD-14", "RFC 5321 §4.1.2")
}

// tooLong reports whether a line of text has more octets than one may.
func tooLong(text string) bool {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if len(line)+2 > smtp.MaxTextLine {
			return true
		}
	}
	return false
}

// answeredMail goes through the transaction: MAIL, each RCPT, DATA, the message.
func (c *Client) answeredMail(r smtp.Reply) {
	accepted := r.Class() == 2
	switch phase := c.state.Phase; {
	case phase == Reset && c.left:
		c.quitAfterReset()
	case phase == Reset: // after a refusal for want of authentication
		c.authenticate()
	case !accepted && c.mayAuthenticate(r):
		if phase == MailFrom { // no transaction was opened
			c.authenticate()
		} else {
			c.send("RSET", "RSET") // AUTH-11: not inside a transaction
		}
	case phase == MailFrom && len(c.plan.Mail.To) > 0 && (accepted || c.does(quirk.OnMailRefused)):
		c.mailNo = !accepted
		c.rcptTo()
	case phase == MailFrom && accepted:
		c.quit()
	case phase == MailFrom && c.does(quirk.ResetRefused):
		c.note(refusedMail("sender-refused", senderRule(r.Code), r))
		c.leaveByReset()
	case phase == MailFrom:
		c.stop(refusedMail("sender-refused", senderRule(r.Code), r), true)
	case phase == RcptTo:
		c.answeredRcpt(r)
	case phase == DataAsked && (c.mailNo || c.state.Accepted == 0 || r.Class() != 3) && c.does(quirk.DataAnyway):
		c.note(refusedMail("message-refused", machine.Rule("DAT-10", "RFC 5321 §4.3.2"), r))
		c.end()
	case phase == DataAsked && r.Class() == 3: // 354, or what REP-07 takes for it
		c.say(machine.OnMessage, smtp.StuffDots([]byte(c.plan.Mail.Text)))
	case phase == Message && accepted:
		c.state.Delivered = true
		c.proceed()
	default:
		c.stop(refusedMail("message-refused", machine.Rule("DAT-10", "RFC 5321 §4.3.2"), r), true)
	}
}

func (c *Client) answeredRcpt(r smtp.Reply) {
	c.state.Recipient++
	if r.Class() == 2 {
		c.state.Accepted++
	}
	switch {
	case c.state.Recipient < len(c.plan.Mail.To):
		c.rcptTo()
	case c.plan.Mail.Stop:
		c.halted = true
		c.quit()
	case c.state.Accepted > 0 || c.does(quirk.DataAnyway):
		c.send("DATA", c.verb("DATA"))
	default:
		c.stop(refusedMail("recipient-refused", recipientRule(r.Code), r), true)
	}
}

// mayAuthenticate reports whether a refusal may be for want of authentication,
// which the plan then does.
func (c *Client) mayAuthenticate(r smtp.Reply) bool {
	return c.plan.When == OnDemand && !c.tried && r.Class() == 5 && c.state.Phase != Message
}
