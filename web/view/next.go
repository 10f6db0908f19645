package view

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/session"
)

// next says what a frame will bring, and does not tell how it ends.
func next(f *session.Frame) Words {
	switch f.Kind {
	case session.Check:
		if f.Side == session.Client {
			return say("ui.next.check.client")
		}
		return say("ui.next.check")
	case session.Handshake:
		return say("ui.next.handshake")
	case session.Body:
		return say("ui.next.body")
	case session.End:
		return say("ui.next.end", "who", Who(f.Side))
	case session.Silent:
		return say("ui.next.silent", "who", Who(f.Side))
	case session.Meddled:
		return say("ui.next.meddled")
	case Quiet:
		return say("ui.next.quiet", "who", Who(f.Side.Other()))
	}
	if f.Side == session.Client {
		return nextOfClient(f)
	}
	switch {
	case f.Phase == session.Greeting:
		return say("ui.next.greeting")
	case code(f) == 334:
		return say("ui.next.challenge")
	}
	return say("ui.next.reply")
}

func nextOfClient(f *session.Frame) Words {
	switch on := said(f); on {
	case machine.OnResponse:
		return say("ui.next.response")
	case machine.OnCancel:
		return say("ui.next.cancel")
	case "":
		return say("ui.next.line")
	default:
		return say("ui.next.command", "verb", on)
	}
}
