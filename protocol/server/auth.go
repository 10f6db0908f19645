package server

import (
	"bytes"
	"cmp"
	"slices"

	"example.org/smtpauth/protocol/exchange"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// usualPrompts are those of LOGIN that every client knows (LOG-01, LOG-02).
var usualPrompts = []string{"Username:", "Password:"}

// UsualPrompts reports whether LOGIN asks with them.
func UsualPrompts(p sasl.Prompts) bool {
	return slices.Contains(usualPrompts, p.Username) && slices.Contains(usualPrompts, p.Password)
}

// An outcome ends an AUTH exchange, or a message.
type outcome struct {
	machine.RuleID
	reply smtp.Reply
}

func ends(id, section string, code int, e smtp.EnhancedCode, text string) outcome {
	return outcome{machine.Rule(id, section), smtp.Say(code, e, text)}
}

// How an exchange may end.
var (
	succeeded  = ends("AUTH-28", "RFC 4954 §4", 235, smtp.EnhancedCode{2, 7, 0}, "Authentication successful")
	refused    = ends("AUTH-27", "RFC 4954 §6", 535, badCreds, "Authentication credentials invalid")
	transition = ends("AUTH-31", "RFC 4954 §6", 432, smtp.EnhancedCode{4, 7, 12}, "A password transition is needed")
	unwanted   = ends("AUTH-16", "RFC 4954 §4", 501, security, "This mechanism takes no initial response")
	notBase64  = ends("AUTH-22", "RFC 4954 §4", 501, badSyntax, "Cannot decode response")
	overlong   = ends("AUTH-26", "RFC 4954 §4", 500, tooLong, "Authentication exchange line is too long")
	cancelled  = ends("AUTH-21", "RFC 4954 §4", 501, security, "Authentication cancelled")
	trouble    = ends("AUTH-30", "RFC 4954 §6", 454, smtp.EnhancedCode{4, 7, 0}, "Temporary authentication failure")
)

// An ending is what the server says to what came of a line, and where its own
// words for that would stand. What a row leaves out fits any.
type ending struct {
	came      exchange.Came
	on        string // AUTH, or a response
	reason    string // of a refusal
	mechanism string
	place     Place
	says      *outcome
}

// endings are looked up in this order.
var endings = []ending{
	{came: exchange.Succeeded, place: "success", says: &succeeded},
	{came: exchange.Refused, reason: "malformed", place: "malformed", says: &refused},
	{came: exchange.Refused, reason: "empty", mechanism: "LOGIN", place: "empty", says: &refused},
	{came: exchange.Refused, reason: "empty", place: "malformed", says: &refused},
	{came: exchange.Refused, reason: "not-authorized", place: "authzid", says: &refused},
	{came: exchange.Refused, place: "credentials", says: &refused},
	{came: exchange.Transition, place: "transition", says: &transition},
	{came: exchange.Unwanted, place: "auth-no-initial", says: &unwanted},
	{came: exchange.NotBase64, on: string(smtp.AUTH), place: "base64-initial", says: &notBase64},
	{came: exchange.NotBase64, place: "base64-response", says: &notBase64},
	{came: exchange.TooLong, place: "response-too-long", says: &overlong},
	{came: exchange.Cancelled, place: "cancel", says: &cancelled},
	{came: exchange.Unanswerable, place: "temporary", says: &trouble}, // ours: the source of randomness, or a mechanism out of step
}

// endingOf is the row that fits.
func (s *Server) endingOf(on string, o *exchange.Outcome) ending {
	reason := ""
	if o.Fault != nil {
		reason = o.Fault.Reason
	}
	fits := func(e ending) bool {
		return e.came == o.Came && (e.on == "" || e.on == on) && (e.reason == "" || e.reason == reason) &&
			(e.mechanism == "" || e.mechanism == s.state.Mechanism)
	}
	return endings[slices.IndexFunc(endings, fits)]
}

// auth begins an exchange that no rule refused.
func (s *Server) auth(cmd *smtp.Command) {
	m, given := s.begins(cmd)
	s.state.Mechanism, s.state.Back = m.Name, ""
	if s.state.Phase != Ready { // by quirk
		s.state.Back = s.state.Phase
	}
	s.text, s.parts = []byte(given.Text), 1
	s.exchange = exchange.NewServer(&exchange.SMTP, m.Server(s.store, s.options()), &s.env, !s.state.TLS)
	s.bend(&s.exchange)
	s.answer(string(smtp.AUTH), s.exchange.Begin(s.text, given.Present))
}

// options are what the mechanisms' halves here are told.
func (s *Server) options() sasl.ServerOptions {
	p := s.policy
	return sasl.ServerOptions{
		Host: p.Host, Channel: s.channel, Nonce: p.Nonce, Quirks: &s.quirks,
		Login:   p.Login,
		CRAMMD5: sasl.CRAMMD5Server{Challenge: p.Challenge},
		Digest:  sasl.DigestServer{Realm: p.Realm, Again: p.DigestAgain},
		SCRAM:   sasl.SCRAMServer{OffersPlus: slices.ContainsFunc(s.last.offered, sasl.IsPlus), SayErrors: p.SCRAMErrors},
		NTLM:    sasl.NTLMServer{Domain: p.Domain, NTLMv1: p.NTLMv1},
		OAuth:   sasl.OAuthServer{Port: cmp.Or(p.Port, p.Role.Port()), Tokens: p.Tokens},
		GSSAPI:  sasl.GSSAPIServer{Keytab: p.Keytab},
		SRP:     sasl.SRPOptions{SRP6a: p.SRP6a},
	}
}

// response takes a line inside the exchange. It is never a command (AUTH-40), and
// with a bare CR or LF in it it is no base64 (AUTH-23).
func (s *Server) response(line smtp.Line) {
	s.text, s.parts = line.Octets, 1
	for _, row := range oddResponses {
		if row.fits(s, line.Octets) {
			if row.says == &refused {
				s.failures++
			}
			s.conclude(row.place, machine.OnResponse, row.says)
			return
		}
	}
	s.exchange.StarIsData = string(line.Octets) == exchange.Cancel && s.does(quirk.StarIsData)
	if line.Rule != "" {
		s.exchange.Lenient = nil
	}
	s.answer(machine.OnResponse, s.exchange.Take(line.Octets, line.Rule == "CMD-04"))
}

// answer says what comes of a line: the next challenge, or how it ended.
func (s *Server) answer(on string, o exchange.Outcome) {
	took := &s.log[s.took]
	if took.Base64.Step = o.Read; o.Came == exchange.Cancelled {
		took.On, took.Base64 = machine.OnCancel, machine.Base64{}
	}
	if o.Octets != nil {
		s.parts = bytes.Count(o.Octets, []byte{0}) + 1 // of PLAIN
	}
	if len(s.policy.Quirks)+len(s.policy.Replies) > 0 {
		o = s.oddOutcome(o)
	}
	if o.Result.Checked {
		m, _ := sasl.Lookup(s.state.Mechanism)
		s.check(machine.Rule(m.Rule, m.Section), "")
	}
	if fault := s.exchange.Judges(&o); fault != nil {
		s.check(machine.Rule(fault.Rule, fault.Section()), fault.Reason)
	}
	switch o.Came {
	case exchange.Continued:
		s.challenge(on, &o)
		return
	case silently:
		s.move(on, 0)
		return
	case exchange.Refused:
		s.failures++
	}
	e := s.endingOf(on, &o)
	if says := s.declined(e); says != nil {
		e.says = says
	} else if o.Came == exchange.Succeeded {
		s.layered = o.Result.Layer
		s.state.Authcid, s.state.Authzid, s.state.Anonymous = o.Result.Authcid, o.Result.Authzid, o.Result.Anonymous
	}
	s.conclude(e.place, on, e.says)
}

// check notes that the mechanism has judged the credentials: a step of its own.
// There is a reason where they are not right.
func (s *Server) check(rule machine.RuleID, reason string) {
	e := s.event(machine.Checked)
	e.Holds, e.Reason, e.Rule, e.Trace = reason == "", reason, rule, s.env.Trace.Take()
}

// challenge says the next challenge.
func (s *Server) challenge(on string, o *exchange.Outcome) {
	text, where := s.exchange.Challenge(o)
	s.spelled = where
	text = s.oddChallenge(text, o.Result.Send.Octets)
	place := Place("challenge")
	if text == "" && s.state.Mechanism == "PLAIN" {
		place = "plain-prompt"
	}
	s.say(place, on, challenge, smtp.Say(334, smtp.EnhancedCode{}, text))
	s.over()
}

// conclude closes the exchange: all is as before AUTH (AUTH-35) but for a
// success. What is said at the place, or else at that of all refusals, is the
// server's own.
func (s *Server) conclude(p Place, on string, o *outcome) {
	if o == &notBase64 && s.hasWords("base64-padding") && unpadded(s.text) {
		p = "base64-padding"
	}
	if !s.hasWords(p) && o == &refused {
		p = "credentials"
	}
	s.countFailure(o.reply)
	if s.failures >= s.policy.Limits.authFailures() || s.tooMany() {
		s.shut("too-many-failures", OnFailures, tooManyFailures, smtp.EnhancedCode{4, 7, 0}, "Too many failed authentications, closing")
		return
	}
	s.say(p, on, o.RuleID, s.oddEnd(p, o))
	s.over()
}

// over forgets the exchange, unless the server's own words go on with it.
func (s *Server) over() {
	if s.state.Phase != Exchange {
		s.state.Mechanism, s.state.Back, s.exchange = "", "", exchange.Server{}
	}
}

// declines reports whether the server's own words at a place where it would obey
// refuse all the same: a rule of whoever runs it (RFC 5248 §2.4 has 5.7.13 for
// right credentials), or trouble (RFC 5321 §4.2.3).
func (s *Server) declines(p Place) bool {
	words, own := s.words(p)
	return own && words != "" && words[0] >= '4'
}
