package view

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// reply is the server's reply in a frame, or nil.
func reply(f *session.Frame) *smtp.Reply {
	for _, e := range f.Server {
		if e.Kind == machine.Said {
			return e.Reply
		}
	}
	return nil
}

// said is what of client.Moves the client says in a frame, and answered to what
// of them, or to what else, the server replies; empty where it says nothing.
func said(f *session.Frame) string     { return saidBy(f, session.Client) }
func answered(f *session.Frame) string { return saidBy(f, session.Server) }

func saidBy(f *session.Frame, side session.Side) string {
	for by, e := range f.Events() {
		if by == side && e.Kind == machine.Said {
			return e.On
		}
	}
	return ""
}

func code(f *session.Frame) int {
	if r := reply(f); r != nil {
		return r.Code
	}
	return 0
}

func refused(f *session.Frame) bool {
	for _, e := range f.Server {
		if e.Kind == machine.Said && e.Refused {
			return true
		}
	}
	return false
}

// A judgement is what a side finds when it checks what the other has sent.
type judgement struct {
	holds  bool
	reason string
	trace  []trace.Step
}

// check is the judgement of the side whose frame it is, or nil.
func check(f *session.Frame) *judgement {
	for _, e := range f.Events() {
		if e.Kind == machine.Checked {
			return &judgement{e.Holds, e.Reason, e.Trace}
		}
	}
	return nil
}
