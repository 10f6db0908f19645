//go:build !js

package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// A toldRun is a set-up with what somebody else does in it.
type toldRun struct {
	name   string
	setup  session.Setup
	inputs []session.Input
}

// everything is every scenario and every act of every case study.
func everything(t *testing.T) (all []toldRun) {
	t.Helper()
	for _, sc := range scenario.All {
		all = append(all, toldRun{sc.ID, sc.Setup(), sc.Inputs})
	}
	programs, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range programs.Meetings {
		for i, act := range m.Acts {
			setup, err := scenario.Meet(programs, m, i)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, toldRun{m.ID + "/" + act.ID, setup, nil})
		}
	}
	return all
}

// run runs it, with changes.
func (r toldRun) run(t *testing.T, changes ...func(*session.Setup)) ([]session.Frame, session.Setup) {
	t.Helper()
	setup := r.setup
	for _, change := range changes {
		change(&setup)
	}
	s, err := session.New(setup, r.inputs...)
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	defer s.Close()
	s.Run()
	return s.Frames(), setup
}

// spokenIn is what was said in a run, and how it was kept.
func spokenIn(frames []session.Frame) string {
	var b strings.Builder
	for i := range frames {
		f := &frames[i]
		fmt.Fprintf(&b, "%s %s %v %q\n", f.Kind, f.Side, f.Sealed, f.Octets)
	}
	return b.String()
}

// Whatever way is offered at the end of a run leads to another one, that it
// names; nothing is offered that changes nothing.
func TestEveryWayLeadsOn(t *testing.T) {
	for _, r := range everything(t) {
		frames, setup := r.run(t)
		ways := Tell(frames).Ending(Both, setup).Ways
		for _, way := range ways {
			if way == AsHeard {
				continue
			}
			after, changed := r.run(t, way.Go)
			if spokenIn(frames) == spokenIn(after) {
				t.Errorf("%s: %s changes nothing", r.name, way)
			}
			next := Tell(after).Ending(Both, changed).Ways
			if way == RightOnes && slices.Contains(next, RightOnes) {
				t.Errorf("%s: the right name and password are offered again", r.name)
			}
			secured := slices.ContainsFunc(after, func(f session.Frame) bool { return f.TLS != nil })
			before := slices.ContainsFunc(frames, func(f session.Frame) bool { return f.TLS != nil })
			switch {
			case way == InClear && secured, way == WithTLS && before:
				t.Errorf("%s: %s with TLS before %v, and after %v", r.name, way, before, secured)
			case way == WithTLS && !secured && r.inputs == nil:
				t.Errorf("%s: %s does not lead to TLS", r.name, way)
			}
		}
	}
}
