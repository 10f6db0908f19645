package view

import (
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
)

// reply is the server's reply in a frame, or nil.
func reply(f *session.Frame) *smtp.Reply {
	for _, e := range f.Server {
		if e.Kind == server.Said {
			return e.Reply
		}
	}
	return nil
}

func code(f *session.Frame) int {
	if r := reply(f); r != nil {
		return r.Code
	}
	return 0
}

func refused(f *session.Frame) bool {
	for _, e := range f.Server {
		if e.Kind == server.Said && e.Refused {
			return true
		}
	}
	return false
}

// checked is the server's judgement in a frame, or nil.
func checked(f *session.Frame) *server.Event {
	for i := range f.Server {
		if f.Server[i].Kind == server.Checked {
			return &f.Server[i]
		}
	}
	return nil
}
