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

// cut cuts the events of one machine into groups, each of which a frame shows: a
// check is one of its own, and so is what is said, or the beginning of TLS, with
// what follows from it. Silent are those behind which nothing was said, and what
// TLS changed before the first thing said inside it.
func cut[E any](events []E, common func(*E) *machine.Event) (groups [][]E, silent []E) {
	from, said := 0, false
	take := func(to int) []E {
		taken := events[from:to:to]
		from, said = to, false
		return taken
	}
	for i := range events {
		e := common(&events[i])
		if said && e.Kind != machine.Dropped && e.Kind != machine.Ended {
			groups = append(groups, take(i))
		}
		said = said || e.Kind == machine.Said || e.Kind == machine.Secure || e.Kind == machine.Ended
		switch {
		case e.Kind == machine.Checked:
			groups = append(groups, take(i+1))
		case e.Kind == machine.Moved && e.On == machine.OnSecured:
			silent = join(silent, take(i+1))
		}
	}
	if said {
		groups = append(groups, take(len(events)))
	}
	return groups, join(silent, take(len(events)))
}

// join appends events, without a copy where there were none before.
func join[E any](events, more []E) []E {
	if len(events) == 0 {
		return more
	}
	return append(events, more...)
}

func cutServer(events []server.Event) (groups [][]server.Event, silent []server.Event) {
	return cut(events, func(e *server.Event) *machine.Event { return &e.Event })
}

func cutClient(events []client.Event) (groups [][]client.Event, silent []client.Event) {
	return cut(events, func(e *client.Event) *machine.Event { return &e.Event })
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
