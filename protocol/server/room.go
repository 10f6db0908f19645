package server

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/smtp"
)

// usualEvents are those of a line: it was taken, looked at, answered, and led on.
const usualEvents = 4

// mostEvents and mostOctets are as much room as goes on to the next session.
const (
	mostEvents = 16
	mostOctets = 1 << 10
)

// A room is where a step puts its events.
type room struct {
	log     []Event
	replies []smtp.Reply // which the events point to
	octets  []byte       // of the replies

	// What follows from the policy alone, for a server that goes on using it.
	hosts    []smtp.Reply         // those that begin with the host
	listings map[[2]bool][]string // of EHLO replies, by whether there is TLS and whether it binds
}

// Reuse lets Step return its events in the same place each time, for a caller
// that keeps none of them: they are gone with the next Step.
func (s *Server) Reuse() {
	s.reuses = true
	s.listings = map[[2]bool][]string{}
}

// Deliver sets to whom each message is handed before it is said to be accepted.
// Where that fails it is refused with 451.
func (s *Server) Deliver(to func(*Message) error) { s.deliver = to }

// Budget sets what is asked for room for n octets more of a message, which it may
// refuse; with a negative n room is given back. Where there is none the message is
// refused with 452.
func (s *Server) Budget(room func(n int) bool) { s.budget = room }

// Again makes s what NewWithStore made, for one session more: of the last one
// nothing is left, nor in its recorder. It is for a server that reuses its room.
func (s *Server) Again() {
	s.tidy()
	kept, deliver, budget := s.room, s.deliver, s.budget
	if cap(kept.log) > mostEvents || cap(kept.octets) > mostOctets {
		kept.log, kept.replies, kept.octets = nil, nil, nil
	}
	if s.env.Trace != nil {
		s.env.Trace.Again()
	}
	s.reset(s.made, s.store, s.env)
	s.reuses, s.room, s.deliver, s.budget = true, kept, deliver, budget
}

// tidy makes room for the events of a step.
func (s *Server) tidy() {
	if !s.reuses {
		s.room = room{log: make([]Event, 0, usualEvents)}
		return
	}
	clear(s.log)
	clear(s.replies)
	clear(s.octets)
	s.log, s.replies, s.octets = s.log[:0], s.replies[:0], s.octets[:0]
}

// keep makes room for a reply and its octets.
func (s *Server) keep(r smtp.Reply, enhanced bool) (*smtp.Reply, []byte) {
	s.replies = append(s.replies, r)
	start := len(s.octets)
	s.octets = r.Append(s.octets, enhanced)
	return &s.replies[len(s.replies)-1], slices.Clip(s.octets[start:])
}

// named is a reply of one line that begins with the host.
func (s *Server) named(code int, e smtp.EnhancedCode, text string) smtp.Reply {
	for _, r := range s.hosts {
		if r.Code == code && r.Enhanced == e && r.Lines[0][len(s.policy.Host):] == text {
			return r
		}
	}
	r := smtp.Say(code, e, s.policy.Host+text)
	if s.reuses {
		s.hosts = append(s.hosts, r)
	}
	return r
}

// listing puts the keywords behind the first line of an EHLO reply.
func (s *Server) listing(first []string) []string {
	now := [2]bool{s.state.TLS, s.state.Binds}
	usual := s.reuses && s.state.Authcid == "" && s.state.Client == "" && len(s.policy.Quirks)+len(s.policy.Replies) == 0
	if lines := s.listings[now]; usual && lines != nil {
		return lines
	}
	lines := slices.Clip(first)
	for _, k := range s.keywords() {
		usual = usual && !strings.ContainsRune(k, '{') // there is nothing to fill in
		lines = append(lines, s.fill(k))
	}
	if usual {
		s.listings[now] = lines
	}
	return lines
}
