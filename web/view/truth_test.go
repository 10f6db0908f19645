package view

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// withMechanism is the scenario of a mechanism, or the default one with it.
func withMechanism(t *testing.T, name string, changes ...func(*session.Setup)) ([]session.Frame, session.Setup) {
	t.Helper()
	sc, shows := scenario.Of(name)
	if !shows {
		changes = append([]func(*session.Setup){func(s *session.Setup) { scenario.SetMechanism(s, name) }}, changes...)
	}
	return ranFrames(t, sc.ID, changes...)
}

// Whatever label a mechanism says that passwords are tried on, the views know:
// it has a row as soon as it is recorded, and counts for who can guess.
func TestLabelsOfGuesses(t *testing.T) {
	for _, mech := range sasl.Mechanisms {
		for _, label := range mech.Guess {
			if _, worth := familyOf(label); !worth {
				t.Errorf("%s: the views do not know %q", mech.Name, label)
			}
		}
		if len(mech.Guess) == 0 || !mech.Possible(sasl.Channel{}) {
			continue
		}
		frames, setup := withMechanism(t, mech.Name, inClear)
		s, last := Tell(frames), len(frames)-1
		m := s.gather(last, Both, setup.Server.Accounts)
		if !m.can(trace.Wire) {
			t.Errorf("%s: a listener cannot guess; of %q were heard %v", mech.Name, mech.Guess, m.heard)
		}
		for _, label := range mech.Guess {
			if !slices.ContainsFunc(m.values, func(v *value) bool { return slices.Contains(v.labels, label) }) {
				t.Errorf("%s: no row for %q", mech.Name, label)
			}
			delete(m.heard, label)
			if m.can(trace.Wire) {
				t.Errorf("%s: a listener can guess without %q", mech.Name, label)
			}
			m.heard[label] = trace.Everybody
		}
	}
}
