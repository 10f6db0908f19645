package scenario

import (
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
)

// Meet is the set-up of a meeting's act.
func Meet(all *dialect.All, m dialect.Meeting, act int) (session.Setup, error) {
	a := m.Acts[act]
	setup, err := Pair(all, a.Server, a.Client)
	if err != nil {
		return setup, err
	}
	setup.Meeting = m.ID + "/" + a.ID
	a.Manner.Apply(&setup.Server)
	a.Habit.Apply(&setup.Client)
	if a.Password != "" {
		setup.Client.User.Password = sasl.Secret{Text: a.Password}
	}
	if mail := setup.Client.Mail; mail != nil {
		if a.From != "" {
			mail.From = a.From
		}
		if a.To != "" {
			mail.To = []string{a.To}
		}
	}
	return setup, nil
}

// Point is the frame that an act is about, -1 where its lines do not all pass.
func Point(frames []session.Frame, a dialect.Act) int {
	next, point := 0, -1
	for i := range frames {
		for _, line := range said(&frames[i]) {
			if next == len(a.Lines) || !strings.HasPrefix(line, a.Lines[next]) {
				continue
			}
			if next++; next == a.At {
				point = i
			}
		}
	}
	if next < len(a.Lines) {
		return -1
	}
	return point
}

// said are a frame's lines, as an act spells them.
func said(f *session.Frame) []string {
	who := "C: "
	switch {
	case f.Kind == session.Handshake:
		return []string{"-- tls"}
	case f.Kind == session.End:
		return []string{"-- " + string(f.Side)}
	case f.Side == session.Server:
		who = "S: "
	}
	lines := strings.Split(strings.TrimSuffix(string(f.Octets), "\r\n"), "\r\n")
	for i := range lines {
		lines[i] = who + lines[i]
	}
	return lines
}
