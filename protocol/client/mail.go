package client

import (
	"slices"
	"strconv"

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
			c.unsendable()
			return
		}
	}
	line := "MAIL FROM:" + from.String()
	if _, listed := c.extension("SIZE"); listed {
		line += " SIZE=" + strconv.Itoa(len(c.plan.Mail.Text))
	}
	if _, listed := c.extension("8BITMIME"); listed && eightBit(c.plan.Mail.Text) {
		line += " BODY=8BITMIME"
	}
	c.send("MAIL", line)
}

func eightBit(text string) bool {
	return slices.ContainsFunc([]byte(text), func(b byte) bool { return b > 127 })
}

func (c *Client) rcptTo() {
	to, err := smtp.ParseMailbox(c.plan.Mail.To[c.state.Recipient])
	if err != nil {
		c.unsendable()
		return
	}
	c.send("RCPT", "RCPT TO:"+to.String())
}

func (c *Client) unsendable() {
	c.stop(Fault{ID: "unsendable", Whose: Ours, RuleID: RuleID{"CMD-14", "RFC 5321 §4.1.2"}}, true)
}

// answeredMail goes through the transaction: MAIL, each RCPT, DATA, the message.
func (c *Client) answeredMail(r smtp.Reply) {
	accepted := r.Class() == 2
	switch phase := c.state.Phase; {
	case phase == Reset: // after a refusal for want of authentication
		c.authenticate()
	case !accepted && c.mayAuthenticate(r):
		if phase == MailFrom { // no transaction was opened
			c.authenticate()
		} else {
			c.send("RSET", "RSET") // AUTH-11: not inside a transaction
		}
	case phase == MailFrom && accepted && len(c.plan.Mail.To) > 0:
		c.rcptTo()
	case phase == MailFrom && accepted:
		c.quit()
	case phase == MailFrom:
		c.stop(Fault{"sender-refused", ServerRefused, mailRule(r.Code), r.Code}, true)
	case phase == RcptTo:
		c.answeredRcpt(r)
	case phase == DataAsked && r.Code == 354:
		c.say(OnMessage, smtp.StuffDots([]byte(c.plan.Mail.Text)))
	case phase == Message && accepted:
		c.state.Delivered = true
		c.proceed()
	default:
		c.stop(Fault{"message-refused", ServerRefused, RuleID{"DAT-10", "RFC 5321 §4.3.2"}, r.Code}, true)
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
	case c.state.Accepted > 0:
		c.send("DATA", "DATA")
	default:
		c.stop(Fault{"recipient-refused", ServerRefused, RuleID{"SUB-04", "RFC 5321 §7.9"}, r.Code}, true)
	}
}

// mayAuthenticate reports whether a refusal may be for want of authentication,
// which the plan then does.
func (c *Client) mayAuthenticate(r smtp.Reply) bool {
	return c.plan.When == OnDemand && !c.tried && r.Class() == 5 && c.state.Phase != Message
}

func mailRule(code int) RuleID {
	switch code {
	case 530:
		return RuleID{"AUTH-34", "RFC 4954 §6"}
	case 553:
		return RuleID{"SUB-03", "RFC 6409 §6.1"}
	}
	return RuleID{"SEQ-04", "RFC 5321 §4.1.4"}
}
