package scenario_test

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

func dialects(t *testing.T) *dialect.All {
	t.Helper()
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Each act runs to its end, from its set-up as a link holds it, and the lines
// that its story speaks of pass. AUTH-15, AUTH-19, AUTH-21, AUTH-27, AUTH-37,
// AUTH-39, DIG-02, DIG-15, LOG-03, REP-11, SUB-03, TLS-07 and TLS-14 are what
// they are about.
func TestMeetings(t *testing.T) {
	all := dialects(t)
	if len(all.Meetings) != 17 {
		t.Errorf("%d meetings", len(all.Meetings))
	}
	for _, m := range all.Meetings {
		for i, a := range m.Acts {
			name := m.ID + "/" + a.ID
			setup, err := scenario.Meet(all, m, i)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			text, err := session.Write(setup, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			again, _, err := session.Read(text)
			if err != nil || again.Meeting != name {
				t.Errorf("%s: %v, %q", name, err, again.Meeting)
				continue
			}
			s, err := session.New(again)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			s.Run()
			at := scenario.Point(s.Frames(), a)
			if at < 0 {
				t.Errorf("%s: not all lines pass", name)
			} else if f := s.Frames()[at]; f.Kind == session.Line && !strings.Contains("\n"+string(f.Octets), "\n"+a.Lines[a.At-1][3:]) {
				t.Errorf("%s: %q is not %q", name, f.Octets, a.Lines[a.At-1])
			}
			s.Close()
			if a.Lines = append([]string{"S: 999 never"}, a.Lines...); scenario.Point(s.Frames(), a) >= 0 {
				t.Errorf("%s: a line that does not pass is found", name)
			}
			if _, at, known := all.Meeting(name); !known || at != i {
				t.Errorf("%s: act %d, %v", name, at, known)
			}
		}
	}
	if _, at, known := all.Meeting("mox-authelia"); !known || at != 0 {
		t.Error("a meeting does not begin with its first act")
	}
	for _, name := range []string{"", "nobody", "nul/nothing"} {
		if _, _, known := all.Meeting(name); known {
			t.Errorf("%q is known", name)
		}
	}
}
