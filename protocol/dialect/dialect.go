// Package dialect holds named real servers and clients: a policy or a plan,
// quirks and reply texts, as data, and how each is known.
package dialect

import (
	"fmt"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/strictjson"
)

// Evidence says how a dialect is known.
type Evidence string

const (
	Recorded Evidence = "recorded" // it ran, and was probed line by line
	Source   Evidence = "source"   // read from its source, or deduced from it
	Reported Evidence = "reported" // told by others, not confirmed by a run
)

// Evidences are all of them, the strongest first.
var Evidences = []Evidence{Recorded, Source, Reported}

// Groups are those of the chooser.
var Groups = []string{"unix", "service", "library", "program", "history"}

// About is what a dialect of either side says of itself.
type About struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Group    string   `json:"group"`
	Evidence Evidence `json:"evidence"`
	Version  string   `json:"version,omitempty"`
	Sources  []string `json:"sources"`
	Like     string   `json:"like,omitempty"` // the ID of the one it is the same as, but for what it says itself
}

// All are the dialects of both sides.
type All struct {
	Servers  []Server
	Clients  []Client
	Meetings []Meeting
}

// maxFile is how long each of the files may be, in octets.
const maxFile = 1 << 20

// Read reads the three files. It refuses what it does not know; see Check.
func Read(servers, clients, meetings []byte) (*All, error) {
	a := new(All)
	for _, file := range []struct {
		text []byte
		into any
	}{{servers, &a.Servers}, {clients, &a.Clients}, {meetings, &a.Meetings}} {
		if err := strictjson.Unmarshal(file.text, maxFile, file.into); err != nil {
			return nil, fmt.Errorf("dialect: %w", err)
		}
	}
	return a, nil
}

// Check reports what is wrong with what was read, such as a name that is no
// quirk. The page does without: its files were checked when the site was made.
func (a *All) Check() error {
	if err := a.checkServers(); err != nil {
		return err
	}
	if err := a.checkClients(); err != nil {
		return err
	}
	return a.checkMeetings()
}

// Names are quirks, with spaces between them; one with a minus sign is not
// asked for, whatever comes before.
type Names string

// apply changes a set.
func (n Names) apply(set quirk.Set) quirk.Set {
	set = slices.Clone(set)
	for name := range strings.FieldsSeq(string(n)) {
		off, minus := strings.CutPrefix(name, "-")
		set = slices.DeleteFunc(set, func(q quirk.Name) bool { return q == quirk.Name(off) })
		if !minus {
			set = append(set, quirk.Name(off))
		}
	}
	return set
}

// check reports a name that is no quirk of a side.
func (n Names) check(side quirk.Side) error {
	for name := range strings.FieldsSeq(string(n)) {
		q, known := quirk.Lookup(quirk.Name(strings.TrimPrefix(name, "-")))
		if !known || q.Side != side {
			return fmt.Errorf("%q is no quirk of a %s", name, side)
		}
	}
	return nil
}

// check reports what is wrong with what a dialect says of itself.
func (a About) check(seen map[string]bool) error {
	switch {
	case a.ID == "" || seen[a.ID]:
		return fmt.Errorf("dialect: id %q is empty or stands twice", a.ID)
	case a.Name == "" || len(a.Sources) == 0:
		return fmt.Errorf("dialect %s: without a name or a source", a.ID)
	case !slices.Contains(Evidences, a.Evidence):
		return fmt.Errorf("dialect %s: evidence %q", a.ID, a.Evidence)
	case !slices.Contains(Groups, a.Group):
		return fmt.Errorf("dialect %s: group %q", a.ID, a.Group)
	case a.Like != "" && !seen[a.Like]:
		return fmt.Errorf("dialect %s: like %q, which does not stand before it", a.ID, a.Like)
	}
	seen[a.ID] = true
	return nil
}
