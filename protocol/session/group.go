package session

import (
	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
)

// cutServer cuts events into groups: a check is one of its own, and so is each
// reply with what follows from it. Silent are those behind which nothing was
// said.
func cutServer(events []server.Event) (groups [][]server.Event, silent []server.Event) {
	said := false
	flush := func() {
		groups = append(groups, silent)
		silent, said = nil, false
	}
	for _, e := range events {
		if said && e.Kind != server.Dropped && e.Kind != server.Ended {
			flush()
		}
		silent = append(silent, e)
		said = said || e.Kind == server.Said || e.Kind == server.Ended
		if e.Kind == server.Checked {
			flush()
		}
	}
	if said {
		flush()
	}
	return groups, silent
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
	case "AUTH", client.OnResponse, client.OnCancel:
		return Auth
	case "MAIL", "RCPT", "DATA", "RSET", client.OnMessage:
		return Mail
	case "QUIT":
		return Quit
	}
	return p
}
