// Package server is the server's half of SMTP (RFC 5321) with AUTH (RFC 4954)
// and STARTTLS (RFC 3207), without any I/O: inputs go in, events come out.
package server

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

// idleLimit is how long the next command is waited for (RFC 5321 §4.5.3.2.7).
const idleLimit = 5 * time.Minute

// Rules behind what no table holds.
var (
	idle            = machine.RuleID{ID: "SEQ-18", Section: "RFC 5321 §4.5.3.2.7"}
	tooManyErrors   = machine.RuleID{ID: "REP-11", Section: "RFC 5321 §3.8"}
	tooManyFailures = machine.RuleID{ID: "AUTH-36", Section: "RFC 4954 §9"}
	injected        = machine.RuleID{ID: "TLS-05", Section: "RFC 3207 §4.2"}
	challenge       = machine.RuleID{ID: "REP-17", Section: "RFC 4954 §4"}
)

// A Server is one session's server. It blocks on nothing and reads no clock.
type Server struct {
	made   *Policy // as it was made with
	policy *Policy // the same, but for what was pinned
	env    sasl.Env
	store  *sasl.Store

	quirks   quirk.Record
	asked    *Asked // noted by worded for the reply under way
	state    State
	envelope Envelope
	lines    smtp.LineReader
	exchange exchange.Server // while the phase is Exchange
	channel  sasl.Channel    // the TLS connection, where there is one
	message  *message        // while the phase is Data

	last    query          // the last command, for words that repeat it
	text    []byte         // the last response or initial response, as typed
	parts   int            // fields of the last message of PLAIN
	listed  bool           // the last EHLO reply listed AUTH
	layered bool           // a security layer was agreed on, which is not done here
	ahead   bool           // more lines came in the same write
	took    int            // where in the log the last line is
	spelled machine.Base64 // the challenge in the reply that comes next
	tried   []Test         // on the last command

	failures, errors int // counted for the limits; no part of State, which a refusal leaves unchanged
	spared, added    int // errors that quirks do not count, or count besides
	heard            time.Time

	deliver func(*Message) error // nil: there is nobody
	budget  func(n int) bool     // nil: there is room for any message
	reuses  bool
	room
}

// New returns a server before anybody has connected. It fails where the
// policy's accounts cannot be stored.
func New(p Policy, env sasl.Env) (*Server, error) {
	store, err := sasl.NewStore(&env, p.Accounts)
	if err != nil {
		return nil, err
	}
	env.Trace.Take() // the store was made before the session: no step of it
	return NewWithStore(p, store, env), nil
}

// NewWithStore returns a server whose accounts, made before, are those of the
// store. Servers may share one.
func NewWithStore(p Policy, store *sasl.Store, env sasl.Env) *Server {
	if len(p.Keywords) == 0 { // who writes its own EHLO lists what it likes (AUTH-02)
		p.BeforeTLS, p.AfterTLS = known(p.BeforeTLS), known(p.AfterTLS)
	}
	s := new(Server)
	s.reset(&p, store, env)
	return s
}

// reset makes s new.
func (s *Server) reset(p *Policy, store *sasl.Store, env sasl.Env) {
	*s = Server{}
	s.made, s.policy, s.store, s.env = p, p, store, env
	s.quirks.Asked, s.lines.LF = p.Quirks, p.Quirks.Has(quirk.BareLF)
	s.state.Phase, s.heard = Waiting, env.Now()
}

// State is what the server remembers now.
func (s *Server) State() State { return s.state }

// Envelope is the open transaction's, or an empty one.
func (s *Server) Envelope() Envelope { return s.envelope.Clone() }

// Step takes what happened and returns what followed, in order: nothing for
// what cannot happen now, such as octets before there is a connection.
func (s *Server) Step(in machine.Input) []Event {
	s.tidy()
	switch phase := s.state.Phase; {
	case phase == Closed:
	case in.Kind == machine.Connected && phase == Waiting:
		s.heard = s.env.Now()
		s.state.TLS = s.policy.Role == Submissions
		s.carriedBy(in.Channel)
		s.say("greeting", machine.OnConnect, machine.RuleID{}, s.named(220, smtp.EnhancedCode{}, " ESMTP ready"))
	case in.Kind == machine.Octets && phase != Waiting:
		s.heard = s.env.Now()
		if s.layered { // what comes is not in the layer's form
			s.quirks.Note(quirk.DigestIntegrity)
			s.leave()
			break
		}
		s.lines.Feed(in.Octets)
		s.drain()
	case in.Kind == machine.Secured && phase == Handshake:
		s.heard = s.env.Now()
		s.state.TLS = true
		s.carriedBy(in.Channel)
		s.move(machine.OnSecured, 0)
	case in.Kind == machine.TLSFault:
		s.end(OnTLSFault)
	case in.Kind == machine.Clock && in.Now.Sub(s.heard) >= idleLimit:
		s.idle()
	case in.Kind == machine.PeerClosed:
		s.end(machine.OnClosed)
	}
	if len(s.log) == 0 {
		return nil
	}
	last := &s.log[len(s.log)-1] // what acted in silence
	last.Quirks = append(last.Quirks, s.quirks.Take()...)
	return slices.Clip(s.log)
}

// idle gives up on a peer that says nothing. Where octets would belong to TLS
// no reply can be said.
func (s *Server) idle() {
	if phase := s.state.Phase; phase == Waiting || phase == Handshake {
		s.end(OnIdle)
		return
	}
	s.shut("idle", OnIdle, idle, smtp.EnhancedCode{4, 4, 2}, "Idle for too long, closing")
}

// carriedBy notes what is known of the TLS connection.
func (s *Server) carriedBy(c sasl.Channel) {
	s.channel, s.state.Binds, s.state.Client = c, c.Binds(), c.Client
}

// drain takes every whole line that has come, one after the other, as long as
// lines are what comes.
func (s *Server) drain() {
	for s.state.Phase != Handshake && s.state.Phase != Closed {
		line, whole := s.lines.Next(s.lineLimit())
		if !whole {
			return
		}
		s.ahead = s.lines.Buffered() > 0
		s.line(line)
	}
	// What waits here was sent in clear text: it is thrown away, never obeyed.
	if rest := s.lines.Drop(); len(rest) > 0 && s.state.Phase == Handshake {
		e := s.event(machine.Dropped)
		e.Line, e.Rule = rest, injected
	}
}

// lineLimit is the most octets the next line may have, CR LF included.
func (s *Server) lineLimit() int {
	switch s.state.Phase {
	case Exchange:
		return cmp.Or(s.policy.Limits.Response, smtp.MaxAuthLine)
	case Data:
		return smtp.MaxTextLine + 1 // the dot that was added (RFC 5321 §4.5.3.1.6)
	}
	return cmp.Or(s.policy.Limits.Line, longestMail)
}

func (s *Server) line(line smtp.Line) {
	if line.Length == len(line.Octets)+1 { // no CR before its LF
		s.quirks.Note(quirk.BareLF)
	}
	if s.state.Phase == Data {
		s.textLine(line)
		return
	}
	if line.Rule == "CMD-04" && s.does(quirk.LinesCut) {
		line.Rule, line.Length = "", len(line.Octets)
	}
	s.took = len(s.log)
	took := s.event(machine.Took)
	took.Line = line.Octets
	if s.state.Phase == Exchange && s.interrupts(line) {
		s.move(OnCommand, 0)
	}
	if s.state.Phase == Exchange {
		took.On, took.Base64 = machine.OnResponse, machine.Base64{Length: len(line.Octets)}
		s.response(line)
		return
	}
	q := &s.last
	s.query(q, line, s.policy)
	took.On = string(q.cmd.Verb)
	if given := q.cmd.Initial; given.Present && given.Text != "=" {
		took.Base64 = machine.Base64{Offset: q.cmd.InitialAt(), Length: len(given.Text)}
	}
	if s.ahead && s.does(quirk.NoPipelining) {
		s.shut("pipelining", OnErrors, tooManyErrors, badCommand, "Pipelining is not offered")
		return
	}
	if r := s.weigh(q); r != nil {
		s.refuse(q.cmd.Verb, r)
		return
	}
	s.obey(q)
}

// query reads a command line and gathers what it meets under a policy.
func (s *Server) query(q *query, line smtp.Line, p *Policy) {
	cmd, err := smtp.ParseCommandUTF8(line.Octets, p.has("SMTPUTF8"))
	if brokenRule(err) == "AUTH-08" {
		cmd, err = extra(p, cmd, err)
	}
	var offered []string // what AUTH alone asks for
	if cmd.Verb == smtp.AUTH {
		offered = p.offers(s.state)
	}
	*q = query{State: s.state, policy: p, store: s.store, line: line, cmd: cmd,
		offered: offered, listed: s.listed, envelope: &s.envelope, syntax: brokenRule(err)}
}

// brokenRule is the rule that a line breaks; empty where it breaks none.
func brokenRule(err error) string {
	if err == nil { // as nearly always
		return ""
	}
	e := (*smtp.SyntaxError)(nil)
	if !errors.As(err, &e) {
		return ""
	}
	return e.Rule
}

// weigh is the rule that refuses q, or nil. It notes each quirk without which
// it would be another, and, where computations are noted, the rules tried.
func (s *Server) weigh(q *query) *Rule {
	r, at := refusal(q)
	if s.tried = nil; s.env.Trace != nil {
		s.tried = triedOf(q, at)
	}
	for _, n := range s.policy.Quirks {
		p := *s.policy
		p.Quirks = s.policy.Quirks.Without(n)
		var other query
		s.query(&other, q.line, &p)
		if without, _ := refusal(&other); without != r {
			s.quirks.Note(n)
		}
	}
	return r
}

// refusal is the first rule that refuses q, and where it is among those of the
// verb; nil: none does.
func refusal(q *query) (*Rule, int) {
	rules := rulesOf(q.cmd.Verb)
	for i, r := range rules {
		if r.applies(q) && r.When(q) {
			return r, i
		}
	}
	return nil, len(rules) - 1
}

func rulesOf(verb smtp.Verb) []*Rule {
	if rules, some := tested[verb]; some {
		return rules
	}
	return tested[""]
}

// triedOf are the rules that were tried on q, up to the one at a place. Those of a
// server without quirks or words of its own are the same each time.
func triedOf(q *query, last int) []Test {
	rules := rulesOf(q.cmd.Verb)[:last+1]
	if len(q.policy.Quirks)+len(q.policy.Replies) == 0 {
		tests, some := usualTests[q.cmd.Verb]
		if !some {
			tests = usualTests[""]
		}
		n := 0
		for _, r := range rules {
			if r.usual() {
				n++
			}
		}
		return tests[:n:n]
	}
	var tests []Test
	for _, r := range rules {
		if r.applies(q) {
			tests = append(tests, r.test())
		}
	}
	return tests
}

// refuse answers with the rule's reply and changes nothing (SEQ-05), unless
// this was one error too many. No reply to EHLO or HELO carries an enhanced
// status code (ENH-02).
func (s *Server) refuse(verb smtp.Verb, r *Rule) {
	reply, closing := r.Reply, smtp.EnhancedCode{4, 7, 0}
	if verb == smtp.EHLO || verb == smtp.HELO {
		reply.Enhanced, closing = smtp.EnhancedCode{}, smtp.EnhancedCode{}
	}
	if r.ID == "CMD-08" || !s.quirks.Asks(quirk.OneErrorCount) {
		s.errors++
	} else if s.spared++; s.errors+s.spared >= s.policy.Limits.errors() {
		s.quirks.Note(quirk.OneErrorCount)
	}
	if s.tooMany() {
		s.shut("too-many-errors", OnErrors, tooManyErrors, closing, "Too many errors, closing")
		return
	}
	reply, own, silent, gone := s.worded(r.Place, reply)
	if !silent {
		s.reply(string(verb), r.RuleID, reply, own)
	}
	if gone {
		s.leave()
	}
}

// tooMany reports whether there were as many errors as there may be.
func (s *Server) tooMany() bool {
	limit := s.policy.Limits.errors()
	if s.errors >= limit && s.errors-s.added < limit {
		s.quirks.Note(quirk.FailuresAreErrors)
	}
	return s.errors >= limit
}

// obeyed are the replies to commands that are the same each time, and the codes of
// the others.
var obeyed = map[smtp.Verb]smtp.Reply{
	smtp.EHLO:     {Code: 250},
	smtp.HELO:     {Code: 250},
	smtp.HELP:     smtp.Say(214, ok, "See RFC 5321 and RFC 4954"),
	smtp.STARTTLS: smtp.Say(220, ok, "Ready to start TLS"),
	smtp.MAIL:     smtp.Say(250, smtp.EnhancedCode{2, 1, 0}, "Sender OK"),
	smtp.RCPT:     smtp.Say(250, smtp.EnhancedCode{2, 1, 5}, "Recipient OK"),
	smtp.DATA:     smtp.Say(354, smtp.EnhancedCode{}, "End data with <CR><LF>.<CR><LF>"),
	smtp.RSET:     smtp.Say(250, ok, "Reset"),
	smtp.NOOP:     smtp.Say(250, ok, "OK"),
	smtp.VRFY:     smtp.Say(252, smtp.EnhancedCode{2, 5, 0}, "Cannot verify, but will take mail and try"), // SEQ-11: the same for a name that exists and one that does not
}

// obey does what a command asks. Its reply's class finds the next phase in
// Moves.
func (s *Server) obey(q *query) {
	cmd, on := &q.cmd, string(q.cmd.Verb)
	place := obeyedAt[cmd.Verb]
	if cmd.Verb != smtp.QUIT && place != "" && s.declines(place) { // what is refused changes nothing (SEQ-05)
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
		return
	}
	switch cmd.Verb {
	case smtp.EHLO, smtp.HELO:
		s.envelope = Envelope{} // SEQ-06
		if s.state.Authcid != "" && s.does(quirk.EHLOForgets) {
			s.state.Authcid, s.state.Authzid, s.state.Anonymous = "", "", false
		}
		s.state.Domain, s.state.ESMTP = cmd.Domain, cmd.Verb == smtp.EHLO
		s.say(place, on, machine.RuleID{}, s.named(250, smtp.EnhancedCode{}, ""))
	case smtp.STARTTLS:
		s.forget()
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.AUTH:
		s.auth(cmd)
	case smtp.MAIL:
		s.envelope = s.newEnvelope(cmd)
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.RCPT:
		s.envelope.ForwardPaths = append(s.envelope.ForwardPaths, cmd.Path)
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.DATA:
		s.message = &message{}
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.RSET:
		s.envelope = Envelope{}
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.NOOP:
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.VRFY:
		s.say(place, on, machine.RuleID{}, obeyed[cmd.Verb])
	case smtp.HELP:
		s.say(place, on, machine.RuleID{}, smtp.Say(214, ok, obeyed[smtp.HELP].Lines[0], "Commands: "+strings.Join(s.verbs(), " ")))
	case smtp.QUIT:
		s.say(place, on, machine.RuleID{}, s.named(221, ok, " closing"))
		if s.state.Phase != Closed { // in an exchange, by quirk
			s.leave()
			return
		}
		s.event(machine.Ended)
	}
}

// obeyedAt is where the reply to a command that is obeyed is worded. AUTH has
// several.
var obeyedAt = map[smtp.Verb]Place{
	smtp.EHLO: "ehlo", smtp.HELO: "helo", smtp.STARTTLS: "starttls", smtp.MAIL: "mail", smtp.RCPT: "rcpt", smtp.DATA: "data",
	smtp.RSET: "rset", smtp.NOOP: "noop", smtp.VRFY: "vrfy", smtp.HELP: "help", smtp.QUIT: "quit",
}

func (s *Server) verbs() []string {
	verbs := []string{"EHLO", "HELO", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "HELP", "QUIT"}
	if s.policy.has("STARTTLS") {
		verbs = append(verbs, "STARTTLS")
	}
	return verbs
}

// forget drops all that was learned before TLS: name, extensions, transaction
// and identity (TLS-07, TLS-14).
func (s *Server) forget() {
	s.state.Domain, s.state.ESMTP, s.listed = "", false, false
	if s.state.Authcid != "" && !s.does(quirk.SurvivesTLS) {
		s.state.Authcid, s.state.Authzid, s.state.Anonymous = "", "", false
	}
	s.envelope = Envelope{}
}

// say answers at a place to what is named by on; the reply's class decides the
// move, and the move's rule stands for the reply unless rule names another.
func (s *Server) say(p Place, on string, rule machine.RuleID, reply smtp.Reply) {
	said, own, silent, gone := s.worded(p, reply)
	if silent {
		said = reply
	}
	if verb := smtp.Verb(on); verb == smtp.EHLO && said.Class() == 2 {
		said.Lines = s.listing(said.Lines)
		s.listed = lists(said.Lines)
	}
	m := s.move(on, said.Class())
	switch {
	case rule.ID != "":
	case m.ID != "":
		rule = m
	default:
		rule = stays[smtp.Verb(on)]
	}
	if !silent {
		s.reply(on, rule, said, own).Trace = s.env.Trace.Take()
	}
	if gone {
		s.leave()
	}
}

// lists reports whether one of the lines of an EHLO reply is AUTH.
func lists(lines []string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "AUTH ") })
}

// shut says 421, or what the server says there, and ends the session.
func (s *Server) shut(p Place, on string, rule machine.RuleID, e smtp.EnhancedCode, text string) {
	reply, own, silent, _ := s.worded(p, s.named(421, e, " "+text))
	s.move(on, 4)
	if !silent {
		e := s.reply(on, rule, reply, own)
		e.Refused, e.Trace = true, s.env.Trace.Take()
	}
	s.event(machine.Ended)
}

// end ends the session without a word.
func (s *Server) end(on string) {
	s.move(on, 0)
	s.event(machine.Ended)
}

// move follows the table of moves and returns the rule behind the move. Where
// the session ends, so does all that was unfinished (SEQ-21).
func (s *Server) move(on string, class int) machine.RuleID {
	m := move(s.state, on, class)
	if m == nil {
		return machine.RuleID{}
	}
	if s.state.Phase = m.To; m.To == "" {
		s.state.Phase = cmp.Or(s.state.Back, Ready)
	}
	if s.state.Phase != Exchange {
		s.state.Mechanism, s.state.Back, s.exchange = "", "", exchange.Server{}
	}
	if m.To == Closed {
		s.release()
		s.envelope, s.message = Envelope{}, nil
	}
	e := s.event(machine.Moved)
	e.On, e.To, e.Rule = on, s.state, machine.Rule(m.ID, m.Section)
	return e.Rule
}

// reply notes that a reply is said to what is named by on; a server's own words
// keep the enhanced status code that they have.
func (s *Server) reply(on string, rule machine.RuleID, r smtp.Reply, own bool) *Event {
	said, octets := s.keep(r, own || s.policy.has("ENHANCEDSTATUSCODES")) // ENH-01
	if string(octets) == "334 \r\n" && s.does(quirk.BareChallenge) {
		octets = []byte("334\r\n")
	}
	e := s.event(machine.Said)
	e.On, e.Reply, e.Octets, e.Rule, e.Refused = on, said, octets, rule, r.Class() >= 4
	e.Asked, s.asked = s.asked, nil
	if on == string(s.last.cmd.Verb) {
		e.Tried = s.tried
	}
	s.tried = nil
	if !own {
		e.Base64 = s.spelled
	}
	s.spelled = machine.Base64{}
	return e
}

// event notes an event; what is said, and the end, shows the quirks that led to
// it. The event is there to be filled in until there is another.
func (s *Server) event(kind machine.EventKind) *Event {
	s.log = append(s.log, Event{})
	e := &s.log[len(s.log)-1]
	if e.Kind = kind; kind == machine.Said || kind == machine.Ended {
		e.Quirks = s.quirks.Take()
	}
	return e
}

// Pin pins what the next exchange takes at random, as Policy's Challenge, Nonce
// and Realm do, for whoever plays a recorded session again.
func (s *Server) Pin(challenge, nonce, realm string) {
	p := *s.policy
	p.Challenge, p.Nonce = challenge, nonce
	if nonce != "" {
		p.Realm = realm
	}
	s.policy = &p
}
