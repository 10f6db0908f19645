package smtp

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// unstuff reads what follows 354 as a server does, up to the end of the data.
func unstuff(wire string) (text []string, faults []string, ended bool, rest string) {
	var r LineReader
	r.Feed([]byte(wire))
	for l, ok := r.Next(MaxTextLine + 1); ok; l, ok = r.Next(MaxTextLine + 1) {
		if l.Rule != "" {
			faults = append(faults, l.Rule)
		}
		line, end := UnstuffDot(l.Octets)
		if end {
			return text, faults, true, string(r.Drop())
		}
		text = append(text, string(line))
	}
	return text, faults, false, string(r.Drop())
}

// DAT-02, DAT-03, DAT-04, DAT-05, DAT-06
func TestDotVectors(t *testing.T) {
	for _, v := range vectors(t, "smtp-dot", 16) {
		switch v.Expect {
		case "":
			wire := string(StuffDots([]byte(v.In.Body)))
			if wire != v.Out.Wire {
				t.Errorf("%s: StuffDots(%q) = %q, want %q", v.ID, v.In.Body, wire, v.Out.Wire)
			}
			text, faults, ended, rest := unstuff(wire)
			body := strings.TrimSuffix(v.In.Body, "\r\n")
			if strings.Join(text, "\r\n") != body || len(faults) > 0 || !ended || rest != "" {
				t.Errorf("%s: read back as %q, faults %q, ended %t, rest %q", v.ID, text, faults, ended, rest)
			}
		case "no-end-of-data":
			text, faults, ended, _ := unstuff(v.In.Wire)
			if ended {
				t.Errorf("%s: %q ended the data after %q", v.ID, v.In.Wire, text)
			}
			if nul := v.ID == "smuggle-7"; nul == (len(faults) > 0) {
				t.Errorf("%s: faults %q", v.ID, faults)
			}
		case "end-of-data-or-reject":
			text, faults, ended, rest := unstuff(v.In.Wire)
			if !ended || !slices.Equal(text, []string{"a\r"}) || !slices.Equal(faults, []string{"CMD-02"}) || !strings.HasPrefix(rest, "MAIL") {
				t.Errorf("%s: %q, faults %q, ended %t, rest %q", v.ID, text, faults, ended, rest)
			}
		default:
			t.Errorf("%s: expect %q is not known", v.ID, v.Expect)
		}
	}
}

// DAT-05, DAT-07: line ends of every kind go out as CR LF.
func TestStuffDotsLineEnds(t *testing.T) {
	for message, want := range map[string]string{
		"a\nb":          "a\r\nb\r\n.\r\n",
		"a\rb\r":        "a\r\nb\r\n.\r\n",
		"a\n\rb":        "a\r\n\r\nb\r\n.\r\n",
		"a\r\r\nb":      "a\r\n\r\nb\r\n.\r\n",
		"a\n.\nMAIL":    "a\r\n..\r\nMAIL\r\n.\r\n",
		"a\r.\rMAIL":    "a\r\n..\r\nMAIL\r\n.\r\n",
		"\r\n":          "\r\n.\r\n",
		"a\r\n\r\n":     "a\r\n\r\n.\r\n",
		".":             "..\r\n.\r\n",
		"a.b\r\nc.\r\n": "a.b\r\nc.\r\n.\r\n",
	} {
		if got := StuffDots([]byte(message)); string(got) != want {
			t.Errorf("StuffDots(%q) = %q, want %q", message, got, want)
		}
	}
}

// DAT-03, DAT-06, DAT-07
func FuzzStuffDots(f *testing.F) {
	f.Add([]byte("a\n.\n..\r.\r\r\n.b"))
	f.Fuzz(func(t *testing.T, message []byte) {
		wire := StuffDots(message)
		if n := bytes.Count(wire, []byte("\r\n")); bytes.Count(wire, []byte("\r")) != n || bytes.Count(wire, []byte("\n")) != n {
			t.Fatalf("StuffDots(%q) = %q: a bare CR or LF", message, wire)
		}
		if i := bytes.Index(append([]byte("\r\n"), wire...), []byte("\r\n.\r\n")); i != len(wire)-len(".\r\n") {
			t.Fatalf("StuffDots(%q) = %q: the data ends early", message, wire)
		}
	})
}
