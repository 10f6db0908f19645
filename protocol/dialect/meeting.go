package dialect

import (
	"fmt"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/quirk"
)

// A Meeting is a story of a server and a client, in one act or several. Its
// words are those of the page.
type Meeting struct {
	ID      string   `json:"id"`
	Sources []string `json:"sources"`
	Acts    []Act    `json:"acts"`
}

// An Act is one session of a Meeting.
type Act struct {
	ID       string   `json:"id"`
	Evidence Evidence `json:"evidence"`
	Server   string   `json:"server"` // "ID" or "ID/VARIANT"
	Client   string   `json:"client"` // "ID" or "ID/OPTIONS"

	Manner   Manner `json:"manner,omitzero"`    // laid over the server's
	Habit    Habit  `json:"habit,omitzero"`     // laid over the client's
	Password string `json:"password,omitempty"` // what the user types; empty: what the server knows
	From     string `json:"from,omitempty"`     // reverse-path; empty: the user's own
	To       string `json:"to,omitempty"`       // forward-path; empty: somebody elsewhere

	// Lines pass in this order, others between them: "C: " or "S: " and how the
	// line begins, "-- tls" for a handshake, "-- client" or "-- server" for a
	// side that leaves. At is the one to look at, from 1.
	Lines []string `json:"lines"`
	At    int      `json:"at"`
}

// Meeting finds an act by "ID/ACT", or the first of "ID".
func (a *All) Meeting(name string) (m Meeting, act int, known bool) {
	id, part, _ := strings.Cut(name, "/")
	i := slices.IndexFunc(a.Meetings, func(m Meeting) bool { return m.ID == id })
	if i < 0 {
		return Meeting{}, 0, false
	}
	m = a.Meetings[i]
	if part != "" {
		act = slices.IndexFunc(m.Acts, func(act Act) bool { return act.ID == part })
	}
	return m, act, act >= 0
}

// ReadMeetings reads meetings.
func (a *All) ReadMeetings(data []byte) error { return strict(data, &a.Meetings) }

// CheckMeetings reports what is wrong with the meetings, such as that one of
// those who meet is not there. What a program carries along was checked before.
func (a *All) CheckMeetings() error {
	seen := map[string]bool{}
	for _, m := range a.Meetings {
		if m.ID == "" || seen[m.ID] || len(m.Sources) == 0 || len(m.Acts) == 0 {
			return fmt.Errorf("meeting %q stands twice, or lacks its id, sources or acts", m.ID)
		}
		seen[m.ID] = true
		for _, act := range m.Acts {
			name := m.ID + "/" + act.ID
			if act.ID == "" || seen[name] {
				return fmt.Errorf("meeting %s: an act has no id, or stands twice", name)
			}
			seen[name] = true
			if err := a.sound(act); err != nil {
				return fmt.Errorf("meeting %s: %w", name, err)
			}
		}
	}
	return nil
}

// sound reports what is wrong with an act.
func (a *All) sound(act Act) error {
	host, variant, _ := strings.Cut(act.Server, "/")
	peer, _, _ := strings.Cut(act.Client, "/")
	s, isServer := a.Server(host)
	_, isVariant := s.Variants[variant]
	_, isClient := a.Client(peer)
	switch {
	case !isServer || variant != "" && !isVariant:
		return fmt.Errorf("server %q is not known", act.Server)
	case !isClient:
		return fmt.Errorf("client %q is not known", act.Client)
	case !slices.Contains(Evidences, act.Evidence):
		return fmt.Errorf("evidence %q", act.Evidence)
	case act.At < 1 || act.At > len(act.Lines):
		return fmt.Errorf("there is no line %d", act.At)
	}
	if err := act.Manner.sound(); err != nil {
		return err
	}
	return act.Habit.Quirks.check(quirk.Client)
}
