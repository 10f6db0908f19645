package client

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
)

// A step is what the client does next of its plan where nothing asks it anything.
type step struct {
	quirk quirk.Name         // empty: of the RFCs' way
	when  func(*Client) bool // nil: whatever is left
	does  func(*Client)
}

// What the client does behind the reply to EHLO, and whenever what it has begun is
// done: the first row that fits. Those of quirks are tried before the others.
// Filled in init, since the steps lead to one another.
var greetedSteps, oddGreetedSteps, steps, oddSteps []step

func init() {
	greetedSteps = []step{
		{"", (*Client).offersTLS, (*Client).startTLS},
		{"", func(c *Client) bool { return !c.state.TLS && c.plan.TLS == StartTLS }, func(c *Client) {
			c.stop(Fault{ID: "starttls-missing", Whose: ServerRefused, RuleID: machine.Rule("TLS-20", "RFC 8314 §5.2")}, true)
		}},
		{"", nil, (*Client).proceed},
	}
	oddGreetedSteps = []step{
		{quirk.AuthBeforeTLS, func(c *Client) bool { return c.offersTLS() && c.untried() }, (*Client).authenticate},
	}
	steps = []step{
		{"", (*Client).untried, (*Client).authenticate},
		{"", (*Client).hasMail, (*Client).mailFrom},
		{"", nil, (*Client).quit},
	}
	oddSteps = []step{
		{quirk.AuthBeforeTLS, func(c *Client) bool { return c.state.Authenticated && c.offersTLS() }, (*Client).startTLS},
		{quirk.NoopMail, func(c *Client) bool { return !c.untried() && c.hasMail() && c.state.Phase != Noop }, (*Client).noop},
		{quirk.ResetAfter, func(c *Client) bool { return !c.untried() && !c.hasMail() && c.state.Delivered && !c.left }, (*Client).leaveByReset},
	}
}

// afterEhlo begins TLS where the plan wants it and the server lists it.
func (c *Client) afterEhlo() { c.goOnBy(oddGreetedSteps, greetedSteps) }

// proceed does what is left of the plan: authenticate, send the mail, leave.
func (c *Client) proceed() { c.goOnBy(oddSteps, steps) }

func (c *Client) goOnBy(odd, usual []step) {
	for _, rows := range [][]step{odd, usual} {
		for i := range rows {
			s := &rows[i]
			if (s.when == nil || s.when(c)) && (s.quirk == "" || c.does(s.quirk)) {
				s.does(c)
				return
			}
		}
	}
}

// untried reports whether the plan wants AUTH first, and none was said.
func (c *Client) untried() bool { return c.plan.When == First && !c.tried }

// hasMail reports whether there is mail that may yet be sent.
func (c *Client) hasMail() bool { return c.plan.Mail != nil && !c.state.Delivered && !c.halted }

// offersTLS reports whether the plan wants TLS where there is none yet, and the
// server lists it.
func (c *Client) offersTLS() bool {
	_, listed := c.extension("STARTTLS")
	return listed && !c.state.TLS && (c.plan.TLS == StartTLS || c.plan.TLS == IfOffered)
}

func (c *Client) startTLS() { c.send("STARTTLS", "STARTTLS") }
func (c *Client) noop()     { c.send("NOOP", "NOOP") }
