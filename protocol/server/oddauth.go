package server

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/exchange"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// What a server with quirks, or with words of its own for a case that others do
// not tell apart, makes of an AUTH exchange.

// An unread is an initial response that a server does not read.
type unread struct {
	quirk quirk.Name
	when  func(sasl.Mechanism) bool
}

var unreadInitials = []unread{
	{quirk.InitialIgnored, func(m sasl.Mechanism) bool { return !m.ClientFirst }},
	{quirk.LoginInitialUnread, func(m sasl.Mechanism) bool { return m.Name == "LOGIN" }},
}

// begins is what an AUTH command begins. A name that is no mechanism offered gets
// here by quirk.AnyMechanism alone.
func (s *Server) begins(cmd *smtp.Command) (m sasl.Mechanism, given smtp.Initial) {
	m, known := sasl.Lookup(cmd.Mechanism)
	if !known || !slices.Contains(s.last.offered, m.Name) {
		m, _ = sasl.Lookup("PLAIN")
	}
	given = cmd.Initial
	for _, u := range unreadInitials {
		if given.Present && u.when(m) && s.does(u.quirk) {
			given = smtp.Initial{}
		}
	}
	return m, given
}

// bend makes an exchange as lenient as the server is.
func (s *Server) bend(e *exchange.Server) {
	if s.quirks.Asks(quirk.Base64Lenient) {
		e.Lenient = func(text []byte) []byte {
			kept := filtered(text)
			if !bytes.Equal(kept, text) {
				s.quirks.Note(quirk.Base64Lenient)
			}
			return kept
		}
	}
}

// An oddResponse is a response that is answered before it is decoded.
type oddResponse struct {
	quirk quirk.Name // or else there are words at the place
	when  func(s *Server, text []byte) bool
	place Place
	says  *outcome
}

var oddResponses = []oddResponse{
	{"", func(_ *Server, text []byte) bool { return len(text) == 0 }, "empty-response", &notBase64},
	{quirk.LoginNameWanted, func(s *Server, text []byte) bool { return s.state.Mechanism == "LOGIN" && len(text) == 0 }, "empty", &refused},
}

func (r *oddResponse) fits(s *Server, text []byte) bool {
	return r.when(s, text) && (r.quirk == "" && s.hasWords(r.place) || r.quirk != "" && s.does(r.quirk))
}

// An oddOutcome makes another outcome of one.
type oddOutcome struct {
	quirk quirk.Name // or else there are words at the place
	when  func(*Server, *exchange.Outcome) bool
	makes func(*exchange.Outcome)
}

var oddOutcomes = []oddOutcome{
	{quirk.AnyPassword, func(_ *Server, o *exchange.Outcome) bool {
		return o.Came == exchange.Refused && o.Fault.Reason != "malformed"
	}, func(o *exchange.Outcome) {
		o.Came, o.Fault, o.Result = exchange.Succeeded, nil, sasl.Result{Done: true, Authcid: "anybody", Authzid: "anybody"}
	}},
	// Words for wrong credentials and none for this: then the server tells the two
	// not apart (RFC 4954 §6 leaves it 432).
	{"", func(s *Server, o *exchange.Outcome) bool {
		return o.Came == exchange.Transition && !s.hasWords("transition") && s.hasWords("credentials")
	}, func(o *exchange.Outcome) {
		o.Came, o.Fault = exchange.Refused, &sasl.Error{Kind: sasl.Refused, Rule: refused.ID, Reason: o.Fault.Reason}
	}},
	// A server that asks for PLAIN's message in silence.
	{quirk.PlainSilent, func(s *Server, o *exchange.Outcome) bool {
		return o.Came == exchange.Continued && s.state.Mechanism == "PLAIN" && s.state.Phase != Exchange
	}, func(o *exchange.Outcome) { o.Came = silently }},
}

// silently is an outcome that is not answered.
const silently exchange.Came = "silently"

func (s *Server) oddOutcome(o exchange.Outcome) exchange.Outcome {
	for _, row := range oddOutcomes {
		if row.when(s, &o) && (row.quirk == "" || s.does(row.quirk)) {
			row.makes(&o)
		}
	}
	return o
}

// oddChallenge is what stands behind 334 for a challenge, which is text in base64.
func (s *Server) oddChallenge(text string, octets []byte) string {
	if s.policy.NTLMWords && text == "" {
		m, _ := sasl.Lookup(s.state.Mechanism)
		text = m.Words
	}
	if len(octets) > 0 && s.does(quirk.ChallengeClear) {
		text, s.spelled = string(octets), exchange.Nowhere
	}
	if s.state.Mechanism == "LOGIN" && !slices.Contains(usualPrompts, string(octets)) {
		s.quirks.Note(quirk.OtherPrompt)
	}
	return text
}

// declined is the outcome by which a server's own words for right credentials
// refuse them all the same, by their code; nil: they do not.
func (s *Server) declined(e ending) *outcome {
	if e.says != &succeeded || !s.declines(e.place) {
		return nil
	}
	words, _ := s.words(e.place)
	for _, other := range []*outcome{&trouble, &transition} {
		if strings.HasPrefix(words, strconv.Itoa(other.reply.Code)) {
			return other
		}
	}
	return &refused
}

// countFailure counts a failed exchange among the errors, where it is one.
func (s *Server) countFailure(reply smtp.Reply) {
	if reply.Class() >= 4 && s.quirks.Asks(quirk.FailuresAreErrors) {
		s.errors++
		s.added++
	}
}

// oddEnd is the reply that ends an exchange.
func (s *Server) oddEnd(p Place, o *outcome) smtp.Reply {
	reply := o.reply
	if o == &succeeded && !s.hasWords(p) && s.does(quirk.Delivered250) {
		reply.Code = 250
	}
	return reply
}

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
