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

// rset ends the transaction, for AUTH to come after it.
func (c *Client) rset() { c.send("RSET", "RSET") }

func (c *Client) data() { c.send("DATA", c.verb("DATA")) }

// halt leaves before the message.
func (c *Client) halt() {
	c.halted = true
	c.quit()
}

func (c *Client) sayMessage() {
	c.say(machine.OnMessage, smtp.StuffDots([]byte(c.plan.Mail.Text)))
}

func (c *Client) delivered() {
	c.state.Delivered = true
	c.proceed()
}

func messageRule(int) machine.RuleID { return machine.Rule("DAT-10", "RFC 5321 §4.3.2") }
