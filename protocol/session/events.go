package session

import (
	"iter"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
)

// did is what the machines did in one go, each in its own order.
type did struct {
	server []server.Event
	client []client.Event
}

// all are the events without what one machine alone tells, the server's first.
func (d *did) all() iter.Seq2[Side, *machine.Event] {
	return func(yield func(Side, *machine.Event) bool) {
		for i := range d.server {
			if !yield(Server, &d.server[i].Event) {
				return
			}
		}
		for i := range d.client {
			if !yield(Client, &d.client[i].Event) {
				return
			}
		}
	}
}

// A span is a part of a list, from one index on up to another.
type span struct{ from, to int }

// cut cuts the n events of one machine into groups, each of which a frame shows: a
// check is one of its own, and so is what is said, or the beginning of TLS, with
// what follows from it. Silent are those behind which nothing was said, and what
// TLS changed before the first thing said inside it.
func cut(n int, event func(int) *machine.Event) (groups, silent []span) {
	from, said := 0, false
	take := func(list *[]span, to int) {
		if *list = append(*list, span{from, to}); from == to {
			*list = (*list)[:len(*list)-1]
		}
		from, said = to, false
	}
	for i := range n {
		e := event(i)
		if said && e.Kind != machine.Dropped && e.Kind != machine.Ended {
			take(&groups, i)
		}
		said = said || e.Kind == machine.Said || e.Kind == machine.Secure || e.Kind == machine.Ended
		switch {
		case e.Kind == machine.Checked:
			take(&groups, i+1)
		case e.Kind == machine.Moved && e.On == machine.OnSecured:
			take(&silent, i+1)
		}
	}
	if said {
		take(&groups, n)
	}
	take(&silent, n)
	return groups, silent
}

// join appends events, without a copy where there were none before.
func join[E any](events, more []E) []E {
	if len(events) == 0 {
		return more
	}
	return append(events, more...)
}

// parts are the groups of a list, and what is silent.
func parts[E any](events []E, event func(int) *machine.Event) (groups [][]E, silent []E) {
	told, quiet := cut(len(events), event)
	for _, s := range told {
		groups = append(groups, events[s.from:s.to:s.to])
	}
	for _, s := range quiet {
		silent = join(silent, events[s.from:s.to:s.to])
	}
	return groups, silent
}

func cutServer(events []server.Event) (groups [][]server.Event, silent []server.Event) {
	return parts(events, func(i int) *machine.Event { return &events[i].Event })
}

func cutClient(events []client.Event) (groups [][]client.Event, silent []client.Event) {
	return parts(events, func(i int) *machine.Event { return &events[i].Event })
}

// turn is the phase that a command belongs to; behind is whether STARTTLS was
// before it.
func (p Phase) turn(on string, behind bool) Phase {
	switch on {
	case "EHLO", "HELO":
		if behind {
			return EhloAgain
		}
		return Ehlo
	case "STARTTLS":
		return TLSPhase
	case "AUTH", machine.OnResponse, machine.OnCancel:
		return Auth
	case "MAIL", "RCPT", "DATA", "RSET", machine.OnMessage:
		return Mail
	case "QUIT":
		return Quit
	}
	return p
}
