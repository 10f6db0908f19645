package client

import (
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"unicode"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// does reports whether the client is asked for a quirk, and notes it.
func (c *Client) does(n quirk.Name) bool { return c.quirks.Does(n) }

// because notes each quirk without which the client would decide otherwise.
// What decides may note nothing.
func (c *Client) because(decide func(*Client) string) {
	if len(c.plan.Quirks) == 0 {
		return
	}
	decision := decide(c)
	for _, n := range c.plan.Quirks {
		other := *c
		other.plan.Quirks = c.plan.Quirks.Without(n)
		if n == quirk.AnyOrder {
			other.plan.Mechanisms = c.given
		}
		other.extensions = smtp.ParseExtensions(other.understood(c.lines))
		if decide(&other) != decision {
			c.quirks.Note(n)
		}
	}
}

// asks reports whether the client is asked for a quirk, for what because tries.
func (c *Client) asks(n quirk.Name) bool { return c.plan.Quirks.Has(n) }

// oddMoves are moves that quirks alone make.
var oddMoves = []Move{
	{[]Phase{Helo, Auth, Cancelled, Noop}, "AUTH", Auth, "AUTH-37", "RFC 4954 §4"},
	{[]Phase{Auth}, "STARTTLS", StartTLSed, "TLS-07", "RFC 3207 §4.2"},
	{[]Phase{Auth, Ehlo, Helo}, machine.OnCancel, Cancelled, "AUTH-21", "RFC 4954 §4"},
	{[]Phase{Cancelled, Noop, Reset}, "MAIL", MailFrom, "CMD-19", "RFC 5321 §4.1.1.3"},
	{[]Phase{Auth, Cancelled, MailFrom, Message, Noop}, "RSET", Reset, "SEQ-08", "RFC 5321 §4.1.1.5"},
	{talking, "NOOP", Noop, "SEQ-10", "RFC 5321 §4.1.1.9"},
	{[]Phase{Noop}, "QUIT", Quitting, "SEQ-15", "RFC 5321 §4.1.1.10"},
}

// verb spells a command.
func (c *Client) verb(word string) string {
	if c.does(quirk.LowerVerbs) {
		return strings.ToLower(word)
	}
	return word
}

// user are the credentials, with the authorization identity that the quirk adds.
func (c *Client) user() sasl.Credentials {
	u := c.plan.User
	if u.Authzid == "" && c.asks(quirk.AuthzidSelf) && !(c.twice && c.asks(quirk.TriesTwice)) {
		u.Authzid = u.Authcid
	}
	return u
}

// understood are the lines of an EHLO reply that the client can read.
func (c *Client) understood(lines []string) []string {
	unread := func(line string) bool {
		upper := strings.ToUpper(line)
		old, list := strings.HasPrefix(upper, "AUTH="), strings.HasPrefix(upper, "AUTH ") || upper == "AUTH"
		return (old || list) && (c.asks(quirk.KeywordCase) && !strings.HasPrefix(line, "AUTH") ||
			c.asks(quirk.NamesAsWritten) && line != upper ||
			old && c.asks(quirk.LegacyUnread) || list && c.asks(quirk.LegacyAlone))
	}
	read := slices.DeleteFunc(slices.Clone(lines), unread)
	isAuth := func(line string) bool { return len(line) > 4 && strings.EqualFold(line[:4], "AUTH") }
	if c.asks(quirk.FirstAuthLine) {
		if i := slices.IndexFunc(read, isAuth); i >= 0 {
			read = append(read[:i+1], slices.DeleteFunc(read[i+1:], isAuth)...)
		}
	}
	if c.asks(quirk.LastAuthLine) {
		slices.Reverse(read)
		if i := slices.IndexFunc(read, isAuth); i >= 0 {
			read = append(read[:i+1], slices.DeleteFunc(read[i+1:], isAuth)...)
		}
		slices.Reverse(read)
	}
	return read
}

// insists reports whether the client uses a mechanism that is not listed.
func (c *Client) insists(listed bool) bool {
	return c.asks(quirk.Unlisted) && !listed || c.asks(quirk.UnlistedName) && listed || c.asks(quirk.HELOAuth) && !c.state.ESMTP
}

// waits reports whether a first response waits for its challenge.
func (c *Client) waits(m sasl.Mechanism) bool {
	return m.Name != "PLAIN" && c.does(quirk.InitialPlain) || m.Name == "LOGIN" && c.does(quirk.LoginNameAsked)
}

// writable reports why the client cannot say a response: it writes names and
// passwords in ASCII alone, the key of CRAM-MD5 too.
func (c *Client) writable(m sasl.Mechanism, response sasl.Message) error {
	text := string(response.Octets)
	if m.Name == "CRAM-MD5" && text != "" {
		text += c.user().Authcid + c.user().Password.Text
	}
	beyond := strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
	if beyond && slices.Contains([]string{"PLAIN", "LOGIN", "CRAM-MD5"}, m.Name) && c.does(quirk.ASCIIAlone) {
		return &sasl.Error{Kind: sasl.Local, Rule: m.Rule, Reason: "not-ascii"}
	}
	return nil
}

// inOrder is the plan's list, with those that show the password in the server's
// order where the quirk wants it.
func (c *Client) inOrder(offered []string) []string {
	if !c.asks(quirk.ServersOrder) {
		return c.plan.Mechanisms
	}
	clear := func(name string) bool { m, _ := sasl.Lookup(name); return m.Clear }
	list := slices.DeleteFunc(slices.Clone(c.plan.Mechanisms), clear)
	for _, name := range offered {
		if clear(name) && slices.Contains(c.plan.Mechanisms, name) {
			list = append(list, name)
		}
	}
	return list
}

// shuffled are names in an order of the source of randomness.
func shuffled(names []string, env sasl.Env) []string {
	names = slices.Clone(names)
	for i := len(names) - 1; i > 0; i-- {
		var b [1]byte
		io.ReadFull(env.Rand, b[:]) // the source never ends (Env)
		j := int(b[0]) % (i + 1)
		names[i], names[j] = names[j], names[i]
	}
	return names
}

// pick chooses the mechanism among those offered, and says from which rules that
// departs; without one, whether the client goes on all the same.
func (c *Client) pick(offered []string, listed bool) (m sasl.Mechanism, departures []machine.RuleID, on bool) {
	plan := c.plan
	plan.Mechanisms = c.inOrder(offered)
	plan.Insist = plan.Insist || c.insists(listed)
	m, departures = plan.choose(offered, c.state.TLS, c.channel, c.names)
	on = m.Name == "" && len(c.names) == 0 && (!listed && c.asks(quirk.WithoutAuth) || listed && c.asks(quirk.WithoutCommon))
	return m, departures, on
}

// onward tells what pick found where it found no mechanism.
var onward = map[bool]string{false: "", true: "on"}

// namesAuthzid reports whether a mechanism here says an authorization identity
// in its first response.
func namesAuthzid(mechanism string) bool {
	return mechanism == "PLAIN" || mechanism == "DIGEST-MD5" || strings.HasPrefix(mechanism, "SCRAM-")
}

// goOn leaves authentication behind.
func (c *Client) goOn() {
	c.tried = true
	c.proceed()
}

// refused goes on after a mechanism failed: with another, without any, or not
// at all.
func (c *Client) refused(f Fault) {
	onRefusal := func(o *Client) string { return o.onRefusal(f) }
	c.because(onRefusal)
	switch onRefusal(c) {
	case "twice":
		c.twice, c.names = true, nil
		c.plan.Initial = true
		c.plan.Mechanisms = []string{"PLAIN"}
		c.authenticate()
	case "reset":
		c.note(f)
		c.send("RSET", c.verb("RSET"))
	case "next":
		c.authenticate()
	case "on":
		c.note(f)
		c.goOn()
	case "star":
		c.cancel(f)
	default:
		c.stop(f, true)
	}
}

// A choice is what a client with a quirk does where others stop.
type choice struct {
	quirk quirk.Name
	when  func(*Client, Fault) bool // nil: always
	then  string
}

var (
	another = func(c *Client, _ Fault) bool { return c.another() }

	onRefusals = []choice{
		{quirk.TemporaryEnds, func(_ *Client, f Fault) bool { return f.Code/100 == 4 }, "stop"},
		{quirk.TriesTwice, func(c *Client, _ Fault) bool { return c.state.Mechanism == "PLAIN" && !c.twice }, "twice"},
		{quirk.ResetBetween, nil, "reset"},
		{quirk.TriesNext, another, "next"},
		{quirk.OnRefused, nil, "on"},
		{quirk.StrayStar, nil, "star"},
	}
	onCancels = []choice{
		{quirk.NextAfterCancel, another, "next"},
		{quirk.TriesNext, another, "next"},
		{quirk.OnRefused, nil, "on"},
		{quirk.CloseOnCancel, nil, "end"},
	}
)

// choose is the first that the client makes.
func (c *Client) choose(among []choice, f Fault, otherwise string) string {
	for _, one := range among {
		if c.asks(one.quirk) && (one.when == nil || one.when(c, f)) {
			return one.then
		}
	}
	return otherwise
}

// onRefusal is what refused does.
func (c *Client) onRefusal(f Fault) string { return c.choose(onRefusals, f, "stop") }

// another reports whether there is a mechanism that was not tried.
func (c *Client) another() bool {
	offered, _ := c.extension("AUTH")
	m, _ := c.plan.choose(offered, c.state.TLS, c.channel, c.names)
	return m.Name != ""
}

// closes reports whether the client ends without QUIT now.
func (c *Client) closes() bool {
	switch c.state.Phase {
	case MailFrom, RcptTo, DataAsked:
		return c.does(quirk.CloseOnMail)
	case Auth, Ehlo, Helo, Noop, Reset:
		return !c.state.Authenticated && c.does(quirk.CloseOnFailure)
	}
	return false
}

// cancelled is behind the reply to "*".
func (c *Client) cancelled() {
	c.because((*Client).onCancel)
	switch c.onCancel() {
	case "next":
		c.authenticate()
	case "on":
		c.goOn()
	case "end":
		c.end()
	default:
		c.quit()
	}
}

// onCancel is what cancelled does.
func (c *Client) onCancel() string { return c.choose(onCancels, Fault{}, "quit") }

// afterNoop does what NOOP was said before.
func (c *Client) afterNoop() {
	switch {
	case c.left && !c.reset:
		c.reset = true
		c.send("RSET", "RSET")
	case c.left && !c.nooped && c.does(quirk.NoopFirst):
		c.nooped = true
		c.send("NOOP", "NOOP")
	case c.left:
		c.quit()
	case !c.tried && c.plan.When == First:
		c.authenticate()
	default:
		c.proceed()
	}
}

// leaveByReset begins the way out.
func (c *Client) leaveByReset() {
	c.left, c.halted = true, true
	if c.state.Delivered && c.does(quirk.NoopMail) {
		c.send("NOOP", "NOOP")
		return
	}
	c.reset = true
	c.send("RSET", "RSET")
}

// quitAfterReset is behind its reply.
func (c *Client) quitAfterReset() {
	switch {
	case !c.state.Delivered && c.does(quirk.NoopFirst):
		c.end()
	case c.does(quirk.NoopFirst):
		c.send("NOOP", "NOOP")
	default:
		c.quit()
	}
}

// oddly reads a challenge as the quirks have it, and reports whether that dealt
// with it.
func (c *Client) oddly(text string, challenge trace.Value, err error) (read trace.Value, bad error, dealt bool) {
	name := c.state.Mechanism
	digest := name == "DIGEST-MD5" && strings.Contains(string(challenge.Octets), `algorithm="`)
	empty := Fault{"challenge-not-base64", Ours, machine.Rule("REP-05", "RFC 5321 §4.2"), 334}
	switch {
	case c.short && c.does(quirk.EmptyRefused):
		if c.does(quirk.OnRefused) {
			c.cancel(empty)
		} else {
			c.refused(empty)
		}
		return challenge, err, true
	case digest && c.does(quirk.DigestQuoted):
		c.cancel(Fault{"malformed", Ours, machine.Rule("DIG-02", "RFC 2831 §2.1.1"), 334})
		return challenge, err, true
	case name == "PLAIN" && (err != nil || len(challenge.Octets) > 0) && c.does(quirk.ChallengeUnread):
		challenge, err = trace.Constant(""), nil
	case name == "LOGIN" && err != nil && c.does(quirk.ChallengeUnread):
		challenge, err = trace.Constant(text), nil
	case err != nil && c.does(quirk.ChallengeMended):
		octets, _ := base64.RawStdEncoding.DecodeString(lettersOf(text)) // the last bits may be anything
		challenge, err = trace.Constant(string(octets)), nil
	case err != nil && c.does(quirk.GarbageEnds):
		c.refused(Fault{"challenge-not-base64", ServerBroke, machine.Rule("AUTH-19", "RFC 4954 §4"), 334})
		return challenge, err, true
	}
	behind := err == nil && !c.plan.Cancel && c.auth.Runs() && c.auth.Done && !c.auth.Open
	return challenge, err, behind && c.extra()
}

// lettersOf is what of text belongs to base64, cut so that it decodes.
func lettersOf(text string) string {
	kept := strings.Map(func(r rune) rune {
		if r < 128 && (smtp.IsBase64(byte(r))) {
			return r
		}
		return -1
	}, text)
	if len(kept)%4 == 1 {
		kept = kept[:len(kept)-1]
	}
	return kept
}

// extra deals with a challenge behind the mechanism's last word, and reports
// whether it did.
func (c *Client) extra() bool {
	f := Fault{"extra-challenge", ServerBroke, machine.Rule("AUTH-43", "RFC 4954 §4"), 334}
	switch {
	case c.state.Mechanism == "PLAIN" && !c.twice && c.does(quirk.PlainAgain):
		c.twice = true
		m, _ := sasl.Lookup("PLAIN")
		result, err := m.Client(c.user(), sasl.ClientOptions{}).Next(&c.env, sasl.Message{})
		if err != nil {
			return false
		}
		c.respond(result.Send.Value)
	case c.does(quirk.ExtraAgain):
		c.spelled = machine.Base64{Length: len(c.again)}
		c.say(machine.OnResponse, []byte(c.again+"\r\n"))
	case c.does(quirk.ExtraEmpty):
		c.say(machine.OnResponse, []byte("\r\n"))
	case c.does(quirk.ExtraSuccess):
		c.state.Authenticated = true
		c.proceed()
	case c.does(quirk.ExtraEnds):
		c.refused(f)
	default:
		return false
	}
	return true
}
