package client

import (
	"errors"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/exchange"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// authenticate sends AUTH with the mechanism that the plan chooses.
func (c *Client) authenticate() {
	if !c.tried && c.state.Phase != Noop && c.does(quirk.NoopFirst) {
		c.send("NOOP", "NOOP")
		return
	}
	offered, listed := c.extension("AUTH")
	m, departures, on := c.pick(offered, listed)
	c.because(func(o *Client) string {
		m, _, on := o.pick(o.extension("AUTH"))
		return m.Name + onward[on]
	})
	switch {
	case on:
		c.goOn()
		return
	case m.Name == "" && !listed:
		c.stop(Fault{ID: "auth-not-offered", Whose: ServerRefused, RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")}, true)
		return
	case m.Name == "":
		c.stop(Fault{ID: "no-common-mechanism", Whose: Ours, RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")}, true)
		return
	}
	for _, rule := range departures {
		c.add(machine.Event{Kind: machine.Departed, Rule: rule})
	}
	c.tried, c.names = true, append(c.names, m.Name)
	c.state.Mechanism = m.Name
	c.auth, c.again = c.exchangeOf(nil, false), ""
	line := "AUTH " + m.Name
	if c.quirks.Asks(quirk.LowerMechanism) {
		line = "AUTH " + strings.ToLower(m.Name)
	}
	said, err := c.begin(m, offered, line)
	if err != nil {
		c.stop(mechanismFault(err), true)
		return
	}
	if line != "AUTH "+m.Name {
		c.quirks.Note(quirk.LowerMechanism)
	}
	c.send("AUTH", said)
}

// options are what the mechanism's half here is told. That it could have bound
// the channel it says only where the plan has a -PLUS name and no such name is
// offered (SCR-16).
func (c *Client) options(offered []string) sasl.ClientOptions {
	p := &c.plan
	couldBind := c.channel.Binds() && slices.ContainsFunc(p.Mechanisms, sasl.IsPlus) && !slices.ContainsFunc(offered, sasl.IsPlus)
	return sasl.ClientOptions{
		Host: p.Host, Channel: c.channel, Nonce: p.Nonce, Quirks: &c.quirks,
		Login:  sasl.LoginClient{Initial: p.Initial, Prompts: p.Prompts},
		Digest: sasl.DigestClient{Realm: p.Realm, Again: p.Again},
		SCRAM:  sasl.SCRAMClient{Binding: p.Binding, CouldBind: couldBind, FewIterations: p.FewIterations},
		NTLM:   sasl.NTLMClient{Domain: p.Domain, Workstation: p.Workstation, Level: p.NTLM},
		SRP:    sasl.SRPOptions{SRP6a: p.SRP6a},
	}
}

// begin makes the client's half of m and returns the AUTH line with its initial
// response. It has none where the mechanism has none, and where it would not fit
// in: then the half starts anew without (AUTH-18).
func (c *Client) begin(m sasl.Mechanism, offered []string, line string) (string, error) {
	if m.Client == nil {
		return line, nil
	}
	options := c.options(offered)
	early := m.ClientFirst && c.plan.Initial && !c.waits(m)
	options.Login.Initial = options.Login.Initial && early
	c.auth = c.exchangeOf(m.Client(c.user(), options), m.Words != "")
	if again := m.Resumes && c.plan.Again != ""; !again && !early {
		return line, nil
	}
	line += " "
	response, err := c.auth.First()
	if err == nil {
		err = c.writable(m, response)
	}
	switch {
	case err != nil:
		return "", err
	case !c.auth.Fits(len(line), len(response.Octets)):
		c.env.Trace.Take() // computed for nothing
		options.Login.Initial = false
		c.auth = c.exchangeOf(m.Client(c.user(), options), m.Words != "")
		return line[:len(line)-1], nil
	case !response.Present:
		return line[:len(line)-1], nil
	}
	text := c.spell(response.Value, len(line))
	if len(response.Octets) > 0 {
		c.again = text
	}
	return line + text, nil
}

// exchangeOf carries a half; nil for a name that no mechanism here bears.
func (c *Client) exchangeOf(half sasl.Exchange, mute bool) exchange.Client {
	return exchange.NewClient(&exchange.SMTP, half, &c.env, !c.state.TLS, mute)
}

// mechanismFault is what a half's error means for the session.
func mechanismFault(err error) Fault {
	e := (*sasl.Error)(nil)
	if !errors.As(err, &e) { // of the source of randomness
		return Fault{ID: sasl.ErrOutOfStep.Reason, Whose: Ours}
	}
	whose := Ours
	if (e.Kind == sasl.Peer || e.Kind == sasl.Impostor) && e.Reason != "prompt" { // LOG-03: who wants its own words departs itself
		whose = ServerBroke
	}
	return Fault{ID: e.Reason, Whose: whose, RuleID: machine.Rule(e.Rule, e.Section())}
}

// letIn goes on as an authenticated client.
func (c *Client) letIn() {
	c.state.Authenticated = true
	c.proceed()
}

// challenged answers a 334.
func (c *Client) challenged(r smtp.Reply) {
	broken := func(id, rule string) {
		c.cancel(Fault{id, ServerBroke, machine.Rule(rule, "RFC 4954 §4"), 334})
	}
	if len(r.Lines) != 1 {
		broken("multiline-challenge", "AUTH-41")
		return
	}
	challenge, where, err := c.auth.Challenge([]byte(r.Lines[0]))
	c.log[c.took].Base64 = where
	if len(c.plan.Quirks) > 0 {
		var dealt bool
		if challenge, err, dealt = c.oddly(r.Lines[0], challenge, err); dealt {
			return
		}
	}
	switch {
	case err != nil:
		broken("challenge-not-base64", "AUTH-19")
	case c.plan.Cancel:
		c.cancel(Fault{ID: "user-cancelled", Whose: Ours, RuleID: machine.Rule("AUTH-21", "RFC 4954 §4")})
	case !c.auth.Runs():
		c.cancel(Fault{ID: "mechanism-unknown", Whose: Ours, RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")})
	case c.auth.Done && !c.auth.Open:
		broken("extra-challenge", "AUTH-43")
	default:
		c.next(challenge)
	}
}

func (c *Client) next(challenge trace.Value) {
	result, err := c.auth.Answer(challenge)
	if fault := (*sasl.Error)(nil); errors.As(err, &fault) && fault.Kind == sasl.Impostor {
		c.check(machine.Rule(fault.Rule, fault.Section()), fault.Reason)
		c.stop(mechanismFault(err), false) // SCR-14: nothing more for whoever that is
		return
	}
	if err != nil {
		c.cancel(mechanismFault(err))
		return
	}
	if result.Checked {
		m, _ := sasl.Lookup(c.state.Mechanism)
		c.check(machine.Rule(m.Checks, m.ChecksSection), "")
	}
	if m, known := sasl.Lookup(c.state.Mechanism); known {
		if err := c.writable(m, result.Send); err != nil {
			c.stop(mechanismFault(err), false)
			return
		}
	}
	c.respond(result.Send.Value)
}

// check notes that the mechanism has judged the server's proof: a step of its
// own. There is a reason where it is wrong.
func (c *Client) check(rule machine.RuleID, reason string) {
	c.add(machine.Event{Kind: machine.Checked, Holds: reason == "", Reason: reason, Rule: rule, Trace: c.env.Trace.Take()})
}

// respond sends a response line: base64, or nothing for an empty response
// (AUTH-20).
func (c *Client) respond(v trace.Value) {
	if !c.auth.Fits(0, len(v.Octets)) { // AUTH-25
		c.cancel(Fault{ID: "unsendable", Whose: Ours, RuleID: machine.Rule("AUTH-25", "RFC 4954 §4")})
		return
	}
	text := c.spell(v, 0)
	c.again = text
	c.say(machine.OnResponse, []byte(text+"\r\n"))
	if m, known := sasl.Lookup(c.state.Mechanism); known && len(v.Octets) > 0 {
		c.log[len(c.log)-1].Rule = machine.Rule(m.Rule, m.Section) // more to the point than AUTH-15
	}
}

// spell spells a response that begins at octet at of the line that is said next.
func (c *Client) spell(response trace.Value, at int) string {
	if len(response.Octets) > 0 && c.user().Authzid != c.plan.User.Authzid && namesAuthzid(c.state.Mechanism) && c.again == "" {
		c.quirks.Note(quirk.AuthzidSelf)
	}
	text, where := c.auth.Spell(response, at)
	c.spelled = where
	return text
}

// cancel ends the exchange with "*" and remembers why.
func (c *Client) cancel(f Fault) {
	if c.state.Phase == Auth && f.ID != "user-cancelled" && c.does(quirk.NeverCancels) {
		c.refused(f)
		return
	}
	c.note(f)
	c.say(machine.OnCancel, []byte("*\r\n"))
}
