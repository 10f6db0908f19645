package server

import (
	"cmp"
	"errors"
	"slices"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// An outcome ends an AUTH exchange.
type outcome struct {
	RuleID
	reply smtp.Reply
}

func ends(id, section string, code int, e smtp.EnhancedCode, text string) outcome {
	return outcome{RuleID{id, section}, smtp.Say(code, e, text)}
}

// How an exchange may end.
var (
	succeeded = ends("AUTH-28", "RFC 4954 §4", 235, smtp.EnhancedCode{2, 7, 0}, "Authentication successful")
	cancelled = ends("AUTH-21", "RFC 4954 §4", 501, security, "Authentication cancelled")
	notBase64 = ends("AUTH-22", "RFC 4954 §4", 501, badSyntax, "Cannot decode response")
	trouble   = ends("AUTH-30", "RFC 4954 §6", 454, smtp.EnhancedCode{4, 7, 0}, "Temporary authentication failure")
	overlong  = ends("AUTH-26", "RFC 4954 §4", 500, tooLong, "Authentication exchange line is too long")

	// failed is what each kind of sasl.Error becomes on the wire.
	failed = map[sasl.Kind]outcome{
		sasl.Refused:    ends("AUTH-27", "RFC 4954 §6", 535, badCreds, "Authentication credentials invalid"),
		sasl.Transition: ends("AUTH-31", "RFC 4954 §6", 432, smtp.EnhancedCode{4, 7, 12}, "A password transition is needed"),
		sasl.Unwanted:   ends("AUTH-16", "RFC 4954 §4", 501, security, "This mechanism takes no initial response"),
	}
)

func outcomes() []outcome {
	all := []outcome{succeeded, cancelled, notBase64, trouble, overlong, nowStored, bareLineEnd, longText, overSize}
	for _, o := range failed {
		all = append(all, o)
	}
	return all
}

// auth begins an exchange that no rule refused.
func (s *Server) auth(cmd smtp.Command) {
	m, _ := sasl.Lookup(cmd.Mechanism)
	s.exchange, s.judged = m.Server(s.store, s.options()), false
	s.state.Mechanism = m.Name
	var initial sasl.Message
	switch {
	case cmd.Initial.Present && cmd.Initial.Text == "=": // AUTH-13: present, and empty
		initial = sasl.Send(s.env.Trace.Received("response", nil, !s.state.TLS))
	case cmd.Initial.Present:
		var err error
		if initial, err = s.decode([]byte(cmd.Initial.Text)); err != nil {
			s.conclude(string(smtp.AUTH), notBase64)
			return
		}
	}
	s.next(string(smtp.AUTH), initial)
}

// options are what the mechanisms' halves here are told.
func (s *Server) options() sasl.ServerOptions {
	return sasl.ServerOptions{
		Host: s.policy.Host, Login: s.policy.Login, Challenge: s.policy.Challenge, Nonce: s.policy.Nonce,
		Channel: s.channel, OffersPlus: slices.ContainsFunc(s.offers(), sasl.IsPlus), SayErrors: s.policy.SCRAMErrors,
		Domain: s.policy.Domain, NTLMv1: s.policy.NTLMv1, Keytab: s.policy.Keytab,
		Realm: s.policy.Realm, Again: s.policy.DigestAgain, SRP6a: s.policy.SRP6a, Tokens: s.policy.Tokens, Port: cmp.Or(s.policy.Port, s.policy.Role.Port()),
	}
}

// offers lists the mechanisms that may be used right now: those of the policy
// for which the connection has what they need.
func (s *Server) offers() []string { return s.policy.offers(s.state) }

// response takes a line inside the exchange. It is never a command (AUTH-40).
func (s *Server) response(line smtp.Line) {
	message, err := sasl.Message{}, error(nil)
	switch {
	case line.Rule == "CMD-04":
		s.conclude(OnResponse, overlong)
		return
	case string(line.Octets) == "*":
		s.conclude(OnResponse, cancelled)
		return
	}
	if message, err = s.decode(line.Octets); err != nil || line.Rule != "" { // AUTH-23: a bare CR or LF too
		s.conclude(OnResponse, notBase64)
		return
	}
	s.next(OnResponse, message)
}

func (s *Server) decode(text []byte) (sasl.Message, error) {
	rec := s.env.Trace
	v, err := rec.Unbase64("response", rec.Received("response-base64", text, !s.state.TLS))
	return sasl.Send(v), err
}

// next hands the mechanism a message and says what comes of it.
func (s *Server) next(on string, message sasl.Message) {
	result, err := s.exchange.Next(&s.env, message)
	var fault *sasl.Error
	switch {
	case errors.As(err, &fault) && fault.Kind == sasl.Refused:
		s.failures++
		s.judge(fault)
		s.conclude(on, failed[sasl.Refused])
	case err != nil:
		o, known := outcome{}, false
		if fault != nil {
			o, known = failed[fault.Kind]
		}
		if !known { // ours: the source of randomness, or a mechanism out of step
			o = trouble
		}
		s.conclude(on, o)
	case result.Done:
		s.judgeRight(result)
		s.state.Authcid, s.state.Authzid, s.state.Anonymous = result.Authcid, result.Authzid, result.Anonymous
		s.conclude(on, succeeded)
	default:
		s.judgeRight(result)
		if result.Refused != nil {
			s.judge(result.Refused)
		}
		text := string(s.encode(result.Send.Value))
		if m, _ := sasl.Lookup(s.state.Mechanism); s.policy.NTLMWords && text == "" {
			text = m.Words
		}
		s.say(on, challenge, smtp.Say(334, smtp.EnhancedCode{}, text))
	}
}

func (s *Server) encode(v trace.Value) []byte {
	if len(v.Octets) == 0 { // AUTH-15: nothing to spell
		return nil
	}
	rec := s.env.Trace
	return rec.Sent("challenge-base64", rec.Base64("challenge-base64", v), !s.state.TLS).Octets
}

// judge notes why what the peer sent is wrong, once an exchange.
func (s *Server) judge(fault *sasl.Error) {
	if !s.judged {
		s.check(RuleID{fault.Rule, fault.Section()}, fault.Reason)
	}
	s.judged = true
}

func (s *Server) judgeRight(result sasl.Result) {
	if result.Checked {
		m, _ := sasl.Lookup(s.state.Mechanism)
		s.check(RuleID{m.Rule, m.Section}, "")
	}
}

// check notes that the mechanism has judged the credentials: a step of its own.
// There is a reason where they are not right.
func (s *Server) check(rule RuleID, reason string) {
	s.add(Event{Kind: Checked, Holds: reason == "", Reason: reason, Rule: rule, Trace: s.env.Trace.Take()})
}

// conclude closes the exchange: all is as before AUTH (AUTH-35) but for a
// success.
func (s *Server) conclude(on string, o outcome) {
	s.state.Mechanism, s.exchange = "", nil
	if s.failures >= s.policy.Limits.authFailures() {
		s.shut(OnFailures, tooManyFailures, smtp.EnhancedCode{4, 7, 0}, "Too many failed authentications, closing")
		return
	}
	s.say(on, o.RuleID, o.reply)
}
