package view

import "example.org/smtpauth/protocol/session"

// A Phase is the frames First to Last, which belong to one part of a session.
type Phase struct {
	Name        ID
	First, Last int
}

// phases groups frames; a phase that comes again is another one.
func phases(frames []session.Frame) []Phase {
	var all []Phase
	for i, f := range frames {
		name := ID("phase." + string(f.Phase))
		if n := len(all); n > 0 && all[n-1].Name == name {
			all[n-1].Last = i
		} else {
			all = append(all, Phase{name, i, i})
		}
	}
	return all
}
