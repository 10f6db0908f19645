package view

import (
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/session"
)

// A Meeting is a story to choose, or the one that is shown.
type Meeting struct {
	Title, Story ID
	Sources      []string
	Acts         []MeetingAct
}

// A MeetingAct is one session of it.
type MeetingAct struct {
	Name           string // "ID/ACT"
	Label          ID
	Server, Client string // their names
	Evidence       ID
	Here           bool
}

// MeetingsOf are all meetings, and the one that the set-up is an act of; nil
// where it is none, or where a side behaves like somebody else by now.
func MeetingsOf(all *dialect.All, setup session.Setup) (list []Meeting, here *Meeting) {
	for _, m := range all.Meetings {
		id := "meeting." + m.ID
		one, is := Meeting{Title: ID(id + ".title"), Story: ID(id + ".story"), Sources: m.Sources}, false
		for _, a := range m.Acts {
			host, _, _ := strings.Cut(a.Server, "/")
			peer, _, _ := strings.Cut(a.Client, "/")
			s, _ := all.Server(host)
			c, _ := all.Client(peer)
			act := MeetingAct{m.ID + "/" + a.ID, ID(id + "." + a.ID), s.Name, c.Name, ID("dialect.evidence." + a.Evidence), false}
			act.Here = act.Name == setup.Meeting && host == setup.Server.Dialect && peer == setup.Client.Dialect
			is = is || act.Here
			one.Acts = append(one.Acts, act)
		}
		if list = append(list, one); is {
			here = &one
		}
	}
	return list, here
}
