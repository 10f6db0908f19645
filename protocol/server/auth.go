package server

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// usualPrompts are those of LOGIN that every client knows (LOG-01, LOG-02).
var usualPrompts = []string{"Username:", "Password:"}

// UsualPrompts reports whether LOGIN asks with them.
func UsualPrompts(p sasl.Prompts) bool {
	return slices.Contains(usualPrompts, p.Username) && slices.Contains(usualPrompts, p.Password)
}

// An outcome ends an AUTH exchange.
type outcome struct {
	machine.RuleID
	reply smtp.Reply
}

func ends(id, section string, code int, e smtp.EnhancedCode, text string) outcome {
	return outcome{machine.Rule(id, section), smtp.Say(code, e, text)}
}

// How an exchange may end.
var (
	succeeded = ends("AUTH-28", "RFC 4954 §4", 235, smtp.EnhancedCode{2, 7, 0}, "Authentication successful")
	cancelled = ends("AUTH-21", "RFC 4954 §4", 501, security, "Authentication cancelled")
	notBase64 = ends("AUTH-22", "RFC 4954 §4", 501, badSyntax, "Cannot decode response")
	trouble   = ends("AUTH-30", "RFC 4954 §6", 454, smtp.EnhancedCode{4, 7, 0}, "Temporary authentication failure")
	overlong  = ends("AUTH-26", "RFC 4954 §4", 500, tooLong, "Authentication exchange line is too long")

	refused = ends("AUTH-27", "RFC 4954 §6", 535, badCreds, "Authentication credentials invalid")

	// failed is what each kind of sasl.Error becomes on the wire.
	failed = map[sasl.Kind]outcome{
		sasl.Refused:    refused,
		sasl.Transition: ends("AUTH-31", "RFC 4954 §6", 432, smtp.EnhancedCode{4, 7, 12}, "A password transition is needed"),
		sasl.Unwanted:   ends("AUTH-16", "RFC 4954 §4", 501, security, "This mechanism takes no initial response"),
	}
)

func outcomes() []outcome {
	all := []outcome{succeeded, cancelled, notBase64, trouble, overlong, nowStored, notStored, bareLineEnd, longText, overSize}
	for _, o := range failed {
		all = append(all, o)
	}
	return all
}

// auth begins an exchange that no rule refused.
func (s *Server) auth(cmd *smtp.Command) {
	given := cmd.Initial
	m, known := sasl.Lookup(cmd.Mechanism)
	if !known || !slices.Contains(s.last.offered, m.Name) { // by quirk alone (AnyMechanism)
		m, _ = sasl.Lookup("PLAIN")
	}
	if given.Present && (!m.ClientFirst && s.does(quirk.InitialIgnored) || m.Name == "LOGIN" && s.does(quirk.LoginInitialUnread)) {
		given = smtp.Initial{}
	}
	s.exchange, s.judged = m.Server(s.store, s.options()), false
	s.state.Mechanism, s.back = m.Name, s.state.Phase
	s.text, s.parts = []byte(given.Text), 1
	if m.Name == "PLAIN" && !given.Present && s.does(quirk.PlainSilent) {
		s.exchange.Next(&s.env, sasl.Message{}) // asked in silence
		s.enter()
		return
	}
	var initial sasl.Message
	switch {
	case given.Present && given.Text == "=": // AUTH-13: present, and empty
		initial = sasl.Send(s.env.Trace.Received("response", nil, !s.state.TLS))
	case given.Present:
		var err error
		if initial, err = s.decode(s.text); err != nil {
			s.conclude("base64-initial", string(smtp.AUTH), notBase64)
			return
		}
	}
	s.next(string(smtp.AUTH), initial)
}

// options are what the mechanisms' halves here are told.
func (s *Server) options() sasl.ServerOptions {
	return sasl.ServerOptions{
		Host: s.policy.Host, Quirks: &s.quirks,
		Login: s.policy.Login, Challenge: s.policy.Challenge, Nonce: s.policy.Nonce,
		Channel: s.channel, OffersPlus: slices.ContainsFunc(s.last.offered, sasl.IsPlus), SayErrors: s.policy.SCRAMErrors,
		Domain: s.policy.Domain, NTLMv1: s.policy.NTLMv1, Keytab: s.policy.Keytab,
		Realm: s.policy.Realm, Again: s.policy.DigestAgain, SRP6a: s.policy.SRP6a, Tokens: s.policy.Tokens, Port: cmp.Or(s.policy.Port, s.policy.Role.Port()),
	}
}

// response takes a line inside the exchange. It is never a command (AUTH-40).
func (s *Server) response(line smtp.Line) {
	message, err := sasl.Message{}, error(nil)
	s.text = line.Octets
	switch {
	case line.Rule == "CMD-04":
		s.conclude("response-too-long", machine.OnResponse, overlong)
		return
	case string(line.Octets) == machine.OnCancel && !s.does(quirk.StarIsData):
		s.log[s.took].On, s.log[s.took].Base64 = machine.OnCancel, machine.Base64{}
		s.conclude("cancel", machine.OnResponse, cancelled)
		return
	case len(line.Octets) == 0 && s.policy.Replies["empty-response"] != "":
		s.conclude("empty-response", machine.OnResponse, notBase64)
		return
	}
	if message, err = s.decode(line.Octets); err != nil || line.Rule != "" { // AUTH-23: a bare CR or LF too
		s.conclude("base64-response", machine.OnResponse, notBase64)
		return
	}
	if s.state.Mechanism == "LOGIN" && len(line.Octets) == 0 && s.does(quirk.LoginNameWanted) {
		s.failures++
		s.conclude("empty", machine.OnResponse, failed[sasl.Refused])
		return
	}
	s.next(machine.OnResponse, message)
}

// decode reads the base64 of the last line.
func (s *Server) decode(text []byte) (sasl.Message, error) {
	rec := s.env.Trace
	if s.quirks.Asks(quirk.Base64Lenient) {
		if kept := filtered(text); !bytes.Equal(kept, text) {
			s.quirks.Note(quirk.Base64Lenient)
			text = kept
		}
	}
	v, err := rec.Unbase64("response", rec.Received("response-base64", text, !s.state.TLS))
	s.parts = bytes.Count(v.Octets, []byte{0}) + 1 // of PLAIN
	s.log[s.took].Base64.Step = v.Step()
	return sasl.Send(v), err
}

// next hands the mechanism a message and says what comes of it.
func (s *Server) next(on string, message sasl.Message) {
	result, err := s.exchange.Next(&s.env, message)
	fault := faultOf(err)
	if fault != nil && fault.Kind == sasl.Refused && fault.Reason != "malformed" && s.does(quirk.AnyPassword) {
		result, err = sasl.Result{Done: true, Authcid: "anybody", Authzid: "anybody"}, nil
	}
	if fault != nil && fault.Kind == sasl.Transition && s.silentOn("transition") {
		fault = &sasl.Error{Kind: sasl.Refused, Rule: refused.ID, Reason: fault.Reason}
	}
	switch {
	case err != nil && fault != nil && fault.Kind == sasl.Refused:
		s.failures++
		s.judge(fault)
		s.conclude(s.refusedAt(fault), on, failed[sasl.Refused])
	case err != nil:
		o, known := outcome{}, false
		if fault != nil {
			o, known = failed[fault.Kind]
		}
		place := Place("temporary")
		switch {
		case !known:
		case fault.Kind == sasl.Unwanted:
			place = "auth-no-initial"
		case fault.Kind == sasl.Transition:
			place = "transition"
		}
		if !known { // ours: the source of randomness, or a mechanism out of step
			o = trouble
		}
		s.conclude(place, on, o)
	case result.Done && s.declines("success"):
		s.judgeRight(result)
		words, _ := s.words("success")
		o := refused
		for _, other := range []outcome{trouble, failed[sasl.Transition]} {
			if strings.HasPrefix(words, strconv.Itoa(other.reply.Code)) {
				o = other
			}
		}
		s.conclude("success", on, o)
	case result.Done:
		s.layered = result.Layer
		s.judgeRight(result)
		s.state.Authcid, s.state.Authzid, s.state.Anonymous = result.Authcid, result.Authzid, result.Anonymous
		s.conclude("success", on, succeeded)
	default:
		s.judgeRight(result)
		if result.Refused != nil {
			s.judge(result.Refused)
		}
		text := string(s.encode(result.Send.Value))
		if m, _ := sasl.Lookup(s.state.Mechanism); s.policy.NTLMWords && text == "" {
			text = m.Words
		}
		if len(result.Send.Octets) > 0 && s.does(quirk.ChallengeClear) {
			text, s.spelled = string(result.Send.Octets), machine.Base64{}
		}
		if s.state.Mechanism == "LOGIN" && !slices.Contains(usualPrompts, string(result.Send.Octets)) {
			s.quirks.Note(quirk.OtherPrompt)
		}
		place := Place("challenge")
		if text == "" && s.state.Mechanism == "PLAIN" {
			place = "plain-prompt"
		}
		s.say(place, on, challenge, smtp.Say(334, smtp.EnhancedCode{}, text))
		s.enter()
	}
}

// faultOf is the peer's fault that an error names; nil: it names none.
func faultOf(err error) (fault *sasl.Error) {
	if err != nil { // as seldom
		errors.As(err, &fault)
	}
	return fault
}

func (s *Server) encode(v trace.Value) []byte {
	if len(v.Octets) == 0 { // AUTH-15: nothing to spell
		return nil
	}
	rec := s.env.Trace
	text := rec.Sent("challenge-base64", rec.Base64("challenge-base64", v), !s.state.TLS)
	s.spelled = machine.Base64{Offset: len("334 "), Length: len(text.Octets), Step: text.Step()}
	return text.Octets
}

// judge notes why what the peer sent is wrong, once an exchange.
func (s *Server) judge(fault *sasl.Error) {
	if !s.judged {
		s.check(machine.Rule(fault.Rule, fault.Section()), fault.Reason)
	}
	s.judged = true
}

func (s *Server) judgeRight(result sasl.Result) {
	if result.Checked {
		m, _ := sasl.Lookup(s.state.Mechanism)
		s.check(machine.Rule(m.Rule, m.Section), "")
	}
}

// check notes that the mechanism has judged the credentials: a step of its own.
// There is a reason where they are not right.
func (s *Server) check(rule machine.RuleID, reason string) {
	e := s.event(machine.Checked)
	e.Holds, e.Reason, e.Rule, e.Trace = reason == "", reason, rule, s.env.Trace.Take()
}

// enter makes sure that the next line is a response, whatever phase AUTH came in:
// no move leads there but by quirk.
func (s *Server) enter() {
	if s.state.Phase != Closed {
		s.state.Phase = Exchange
	}
}

// conclude closes the exchange: all is as before AUTH (AUTH-35) but for a
// success. What is said at the place, or else at that of all refusals, is the
// server's own.
func (s *Server) conclude(p Place, on string, o outcome) {
	if o.ID == notBase64.ID && s.hasWords("base64-padding") && unpadded(s.text) {
		p = "base64-padding"
	}
	if !s.hasWords(p) && o.ID == refused.ID {
		p = "credentials"
	}
	if o.reply.Class() >= 4 && s.quirks.Asks(quirk.FailuresAreErrors) {
		s.errors++
		s.added++
	}
	if s.failures >= s.policy.Limits.authFailures() || s.tooMany() {
		s.state.Mechanism, s.exchange = "", nil
		s.shut("too-many-failures", OnFailures, tooManyFailures, smtp.EnhancedCode{4, 7, 0}, "Too many failed authentications, closing")
		return
	}
	reply := o.reply
	if o.ID == succeeded.ID && !s.hasWords(p) && s.does(quirk.Delivered250) {
		reply.Code = 250
	}
	s.exchange = nil
	s.say(p, on, o.RuleID, reply)
	s.state.Mechanism = ""
	if s.state.Phase != Closed && s.state.Phase != s.back {
		s.state.Phase = s.back // a transaction, or before EHLO: by quirk
	}
}

// refusedAt is where a refusal is worded.
func (s *Server) refusedAt(fault *sasl.Error) Place {
	switch fault.Reason {
	case "malformed":
		return "malformed"
	case "empty":
		if s.state.Mechanism == "LOGIN" {
			return "empty"
		}
		return "malformed"
	case "not-authorized":
		return "authzid"
	}
	return "credentials"
}

// declines reports whether the server's own words at a place where it would obey
// refuse all the same: a rule of whoever runs it (RFC 5248 §2.4 has 5.7.13 for
// right credentials), or trouble (RFC 5321 §4.2.3).
func (s *Server) declines(p Place) bool {
	words, own := s.words(p)
	return own && words != "" && words[0] >= '4'
}

// silentOn reports whether the server has words for wrong credentials and none
// for a place: then it tells the two not apart (RFC 4954 §6 leaves it 432).
func (s *Server) silentOn(p Place) bool { return !s.hasWords(p) && s.hasWords("credentials") }

// interrupts reports whether a line in an exchange is taken for a command.
func (s *Server) interrupts(line smtp.Line) bool {
	if !s.quirks.Asks(quirk.CommandsInExchange) {
		return false
	}
	cmd, _ := smtp.ParseCommand(line.Octets)
	return cmd.Known && s.does(quirk.CommandsInExchange)
}

// extra reads an AUTH line with more than an initial response as the quirks
// have it.
func extra(p *Policy, cmd smtp.Command, err error) (smtp.Command, error) {
	_, rest, _ := strings.Cut(cmd.Arg, " ")
	switch {
	case p.Quirks.Has(quirk.ExtraIgnored):
		rest, _, _ = strings.Cut(rest, " ")
	case !p.Quirks.Has(quirk.ExtraDecoded):
		return cmd, err
	}
	cmd.Initial = smtp.Initial{Present: true, Text: rest}
	return cmd, nil
}

// does reports whether the server is asked for a quirk, and notes it.
func (s *Server) does(n quirk.Name) bool { return s.quirks.Does(n) }

// unpadded reports whether nothing but padding is wrong with base64.
func unpadded(text []byte) bool { return len(text)%4 != 0 && len(filtered(text)) >= len(text) }

// filtered is what is left of text once all that is not base64 is skipped.
func filtered(text []byte) []byte {
	var kept []byte
	for _, c := range text {
		switch {
		case c == '-':
			kept = append(kept, '+')
		case c == '_':
			kept = append(kept, '/')
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '+', c == '/':
			kept = append(kept, c)
		}
	}
	if len(kept)%4 == 1 {
		kept = kept[:len(kept)-1]
	}
	octets, _ := base64.RawStdEncoding.DecodeString(string(kept)) // not strict: the last bits may be anything
	return base64.StdEncoding.AppendEncode(nil, octets)
}
