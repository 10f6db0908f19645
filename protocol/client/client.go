// Package client is the client's half of SMTP (RFC 5321) with AUTH (RFC 4954)
// and STARTTLS (RFC 3207), without any I/O: inputs go in, events come out. It
// sends one command, waits for its reply and decides what comes next.
package client

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"example.org/smtpauth/protocol/exchange"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// replyLimit is how long a reply is waited for (RFC 5321 §4.5.3.2).
const replyLimit = 5 * time.Minute

// A Client is one session's client. It blocks on nothing and reads no clock.
type Client struct {
	plan   Plan
	env    sasl.Env
	quirks quirk.Record
	given  []string // the plan's mechanisms, as the plan has them

	state      State
	extensions []smtp.Extension // of the EHLO reply now in force
	lines      []string         // of it, as they came
	replies    smtp.ReplyReader
	auth       exchange.Client
	channel    sasl.Channel   // the TLS connection, where there is one
	tried      bool           // an AUTH was sent: not again with the same credentials (AUTH-37)
	names      []string       // of the mechanisms tried
	twice      bool           // PLAIN was sent once more
	halted     bool           // no mail, whatever the plan says
	again      string         // the last response, as it was spelt
	took       int            // where in the log the last reply is
	spelled    machine.Base64 // of the line that is said next
	reset      bool           // and RSET with it
	nooped     bool           // and another NOOP
	mailNo     bool           // MAIL was refused, and yet the client went on
	left       bool           // the way out has begun
	short      bool           // the last reply was three digits
	unasked    bool           // the next reply, or its beginning, came before the last command went out
	fault      *Fault
	since      time.Time // when the last command went out, or what else is answered happened
	log        []Event
}

// New returns a client that has not yet connected.
func New(p Plan, env sasl.Env) *Client {
	given := p.Mechanisms
	if p.Quirks.Has(quirk.AnyOrder) {
		p.Mechanisms = shuffled(p.Mechanisms, env)
	}
	return &Client{plan: p, given: given, quirks: quirk.Record{Asked: p.Quirks}, env: env, state: State{Phase: Connecting}, since: env.Now()}
}

// State is what the client remembers now.
func (c *Client) State() State { return c.state }

// Fault is why the session did not go as planned, or nil.
func (c *Client) Fault() *Fault { return c.fault }

// Step takes what happened and returns what followed, in order: nothing for
// what cannot happen now, such as octets before there is a connection.
func (c *Client) Step(in machine.Input) []Event {
	c.log = nil
	switch phase := c.state.Phase; {
	case phase == Closed:
	case in.Kind == machine.Connected && phase == Connecting:
		c.since = c.env.Now()
		c.state.TLS, c.channel = c.plan.TLS == Implicit, in.Channel
		c.move(machine.OnConnect)
	case (in.Kind == machine.Octets || in.Kind == machine.Early) && phase == Handshake && len(in.Octets) > 0:
		c.injected()
	case (in.Kind == machine.Octets || in.Kind == machine.Early && len(in.Octets) > 0) && phase != Connecting:
		c.unasked = c.unasked || in.Kind == machine.Early
		c.replies.Feed(in.Octets)
		c.drain()
	case in.Kind == machine.Secured && phase == Handshake:
		c.state.TLS, c.state.ESMTP, c.extensions = true, false, nil // TLS-07
		c.channel = in.Channel
		c.move(machine.OnSecured)
		c.ehlo()
	case in.Kind == machine.TLSFault:
		c.tlsFailed(in)
	case in.Kind == machine.Clock && in.Now.Sub(c.since) >= replyLimit:
		c.stop(Fault{ID: "timeout", Whose: Connection, RuleID: machine.Rule("SEQ-19", "RFC 5321 §4.5.3.2")}, false)
	case in.Kind == machine.PeerClosed:
		if phase != Quitting {
			c.note(Fault{ID: "connection-lost", Whose: Connection, RuleID: machine.Rule("SEQ-21", "RFC 5321 §4.1.1.10")})
		}
		c.end()
	}
	if len(c.log) > 0 {
		last := &c.log[len(c.log)-1] // what acted in silence
		last.Quirks = append(last.Quirks, c.quirks.Take()...)
	}
	return c.log
}

func (c *Client) tlsFailed(in machine.Input) {
	whose := Connection
	if !in.Local {
		whose = ServerRefused
	}
	c.stop(Fault{ID: cmp.Or(in.Reason, "tls-failed"), Whose: whose, RuleID: machine.Rule("TLS-18", "RFC 3207 §4.1")}, false)
}

// injected stops for what was said in clear text behind the 220 of STARTTLS.
func (c *Client) injected() {
	c.stop(Fault{ID: "injected", Whose: ServerBroke, RuleID: machine.Rule("TLS-06", "RFC 3207 §4.2")}, false)
}

// drain takes every whole reply that has come.
func (c *Client) drain() {
	for c.state.Phase != Closed {
		reply, raw, err, whole := c.replies.Next()
		if bad := (*smtp.ReplyError)(nil); errors.As(err, &bad) {
			c.stop(Fault{ID: "unreadable-reply", Whose: ServerBroke, RuleID: unreadable[bad.Rule]}, false)
			return
		}
		if !whole {
			return
		}
		if len(raw) == len("235\r\n") && c.does(quirk.ShortWaits) {
			c.add(machine.Event{Kind: machine.Took, Reply: &reply, Octets: raw})
			continue
		}
		c.took = len(c.log)
		c.add(machine.Event{Kind: machine.Took, Reply: &reply, Octets: raw})
		if len(raw) == len("235\r\n") && c.does(quirk.ShortUnread) {
			c.stop(Fault{ID: "unreadable-reply", Whose: Ours, RuleID: machine.Rule("REP-05", "RFC 5321 §4.2")}, false)
			return
		}
		c.short = len(raw) == len("334\r\n")
		if c.unasked && reply.Code != 421 && c.state.Phase != Quitting {
			c.stop(Fault{"unasked-reply", ServerBroke, machine.Rule("SEQ-20", "RFC 5321 §4.3.1"), reply.Code}, false)
			return
		}
		c.unasked = false
		c.take(reply)
	}
}

func (c *Client) ehlo() { c.send("EHLO", c.verb("EHLO ")+c.plan.Name) }

func (c *Client) helo() { c.send("HELO", c.verb("HELO ")+c.plan.Name) }

// listed takes the list of extensions.
func (c *Client) listed(r smtp.Reply) {
	c.state.ESMTP = true
	c.lines = r.Lines[1:]
	c.extensions = smtp.ParseExtensions(c.understood(c.lines))
	c.afterEhlo()
}

// secure lets TLS begin.
func (c *Client) secure() {
	c.since = c.env.Now()
	rule := c.move(OnSecure)
	c.add(machine.Event{Kind: machine.Secure, Rule: rule})
}

// extension finds an EHLO keyword; AUTH is the union of all its lines, the old
// form "AUTH=" among them (AUTH-04).
func (c *Client) extension(keyword string) (params []string, listed bool) {
	for _, e := range c.extensions {
		if e.Keyword == keyword {
			listed = true
			params = append(params, strings.FieldsFunc(strings.Map(upper, e.Params), blank)...)
		}
	}
	return params, listed
}

// blank and upper know ASCII alone: what else a server lists is no mechanism.
func blank(r rune) bool { return r == ' ' || r == '\t' }

func upper(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// send says one command, unless it cannot be said (CMD-06, CMD-07).
func (c *Client) send(on, line string) {
	if (line[0] == 'R' || line[0] == 'Q') && c.does(quirk.LettersKept) {
		c.note(Fault{ID: "line-kept", Whose: Ours, RuleID: machine.Rule("SEQ-15", "RFC 5321 §4.1.1.10")})
		c.end()
		return
	}
	if len(line)+2 > smtp.MaxCommandLine || strings.ContainsAny(line, "\r\n\x00") {
		c.spelled = machine.Base64{}
		c.stop(Fault{ID: "unsendable", Whose: Ours, RuleID: machine.Rule("CMD-06", "RFC 5321 §4.5.3.1")}, true)
		return
	}
	c.say(on, []byte(line+"\r\n"))
}

func (c *Client) say(on string, octets []byte) {
	c.since = c.env.Now()
	c.unasked = c.replies.Buffered() > 0
	rule := c.move(on)
	c.add(machine.Event{Kind: machine.Said, On: on, Octets: octets, Rule: rule, Base64: c.spelled, Trace: c.env.Trace.Take()})
	c.spelled = machine.Base64{}
}

func (c *Client) quit() {
	if c.does(quirk.NoQuit) {
		c.end()
		return
	}
	c.send("QUIT", c.verb("QUIT"))
}

func (c *Client) end() {
	c.move(machine.OnClosed)
	c.add(machine.Event{Kind: machine.Ended})
}

// note keeps the first fault: what follows it follows from it.
func (c *Client) note(f Fault) {
	if c.fault == nil {
		c.fault = &f
	}
	c.add(machine.Event{Kind: machine.Faulted, Rule: f.RuleID}).Fault = &f
}

// stop gives up for the reason f: politely with QUIT, or at once.
func (c *Client) stop(f Fault, politely bool) {
	c.note(f)
	if politely && !c.closes() {
		c.quit()
	} else {
		c.end()
	}
}

// move follows the table of moves and returns the rule behind the move.
func (c *Client) move(on string) machine.RuleID {
	fits := func(m Move) bool { return m.On == on && slices.Contains(m.From, c.state.Phase) }
	table := Moves
	i := slices.IndexFunc(table, fits)
	if i < 0 {
		table = oddMoves
		i = slices.IndexFunc(table, fits)
	}
	if i < 0 {
		return machine.RuleID{}
	}
	m := table[i]
	c.state.Phase = m.To
	if m.To != Auth {
		c.state.Mechanism = ""
	}
	c.add(machine.Event{Kind: machine.Moved, On: on}).To = c.state
	return machine.Rule(m.ID, m.Section)
}

// add notes an event; what is said or begun, and the end, shows the quirks that
// led to it. The event is there to be filled in until there is another.
func (c *Client) add(e machine.Event) *Event {
	if e.Kind == machine.Said || e.Kind == machine.Secure || e.Kind == machine.Ended {
		e.Quirks = c.quirks.Take()
	}
	c.log = append(c.log, Event{Event: e})
	return &c.log[len(c.log)-1]
}
