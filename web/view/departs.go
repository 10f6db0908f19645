package view

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A Departure is a quirk that made a frame what it is.
type Departure struct {
	quirk.Quirk
	Head        ID // whether it is one, or a choice that the rules leave open
	Rule        Rule
	Asked, Said string       // of quirk.OtherCode: "501 5.5.2", "535"
	Place       server.Place // of it: where in the server
}

// What a departure is called, and a choice.
const (
	departs ID = "ui.departs"
	chooses ID = "ui.chooses"
)

// departures are the quirks that acted in a frame, departures first.
func departures(f *session.Frame) (all []Departure) {
	var free []Departure
	for _, n := range f.Quirks() {
		q, known := quirk.Lookup(n)
		if !known {
			q = quirk.Worded[slices.IndexFunc(quirk.Worded, func(q quirk.Quirk) bool { return q.Name == n })]
		}
		d := Departure{Quirk: q, Head: departs, Rule: ruleOf(machine.RuleID{ID: q.Rule, Section: quirk.Sections[q.Rule]})}
		if asked := f.Asked(); asked != nil && n == quirk.OtherCode {
			d.Rule, d.Place = ruleOf(f.Rule()), asked.Place
			d.Asked, d.Said = strconv.Itoa(asked.Code)+" "+asked.Enhanced.String(), strconv.Itoa(code(f))
		}
		if n.Free() {
			d.Head = chooses
			free = append(free, d)
			continue
		}
		all = append(all, d)
	}
	return append(all, free...)
}

// mark is the head of the first departure of a frame; empty where there is none.
func mark(f *session.Frame) ID {
	if all := departures(f); len(all) > 0 {
		return all[0].Head
	}
	return ""
}

// Alike are those that depart in the same way, by Departure.key.
type Alike map[string][]Peer

// A Peer is a real server or client.
type Peer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Others are the names of those that do the same as d, but for the one that the
// set-up has.
func (a Alike) Others(d *Departure, setup *session.Setup) (names []string) {
	here := setup.Server.Dialect
	if d.Side == quirk.Client {
		here = setup.Client.Dialect
	}
	here, _, _ = strings.Cut(here, "/")
	for _, p := range a[d.key()] {
		if p.ID != here {
			names = append(names, p.Name)
		}
	}
	return names
}

func (d *Departure) key() string {
	if d.Name == quirk.OtherCode {
		return OtherCode(d.Place, d.Said)
	}
	return string(d.Name)
}

// OtherCode is the key of a server's reply at a place.
func OtherCode(place server.Place, code string) string {
	return string(quirk.OtherCode) + " " + string(place) + " " + code
}
