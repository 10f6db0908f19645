package view

import (
	"strings"

	"example.org/smtpauth/protocol/sasl"
)

// A Standing is mechanisms of one status, the preferred one first.
type Standing struct {
	Name ID
	Rows []Compared
}

// A Compared is a mechanism beside the others.
type Compared struct {
	Name   string
	Here   bool   // the client uses it
	Cells  []ID   // one for each of ComparedBy
	Source string // where it is written down: "RFC 5802"
	Link   string // to that; empty where it is no text of the IETF
	Gone   ID     // what it was and why nobody has it any more; nothing else is set then
}

// ComparedBy are the columns between name and source.
var ComparedBy = []ID{"ui.compare.crosses", "ui.compare.listener", "ui.compare.thief", "ui.compare.mutual", "ui.compare.bound"}

// Compare sets all mechanisms side by side, and those that are gone behind
// them; now is the one that the client uses.
func Compare(now string) []Standing {
	var all []Standing
	for _, status := range sasl.Statuses() {
		g := Standing{Name: statusName(status)}
		for _, m := range sasl.WithStatus(status) {
			g.Rows = append(g.Rows, compared(m, now))
		}
		all = append(all, g)
	}
	g := Standing{Name: statusGone}
	for _, name := range sasl.Gone {
		g.Rows = append(g.Rows, Compared{Name: name, Here: name == now, Gone: ID("gloss.mechanism." + name)})
	}
	return append(all, g)
}

// statusGone is the group of those in sasl.Gone.
const statusGone ID = "status.gone"

func statusName(s sasl.Status) ID { return ID("status." + string(s)) }

func compared(m sasl.Mechanism, now string) Compared {
	f, listener := m.Facts, ID("gain."+string(m.Facts.Listener))
	switch {
	case !m.Possible(sasl.Channel{}): // there is no log-in without TLS to listen to
		listener = "gain.binding"
	case m.Keyed: // the exchange with the KDC can be listened to as well, RFC 4120 §10
		listener = "gain.kdc"
	}
	return Compared{
		Name: m.Name, Here: m.Name == now, Source: f.Source, Link: sourceLink(f.Source),
		Cells: []ID{ID("crossing." + string(f.Crosses)), listener, ID("gain." + string(f.Thief)), yesOrNo(f.Mutual), yesOrNo(f.Bound)},
	}
}

func yesOrNo(yes bool) ID {
	if yes {
		return "ui.compare.yes"
	}
	return "ui.compare.no"
}

// sourceLink is where the IETF keeps a text.
func sourceLink(source string) string {
	if strings.HasPrefix(source, "draft-") {
		return "https://datatracker.ietf.org/doc/html/" + source
	}
	return rfcLink(source)
}
