package view

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
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
	var choices []Departure
	for _, n := range f.Quirks() {
		q, known := quirk.Lookup(n)
		if !known {
			q = quirk.Worded[slices.IndexFunc(quirk.Worded, func(q quirk.Quirk) bool { return q.Name == n })]
		}
		d := Departure{Quirk: q, Head: departs, Rule: ruleOf(server.RuleID{ID: q.Rule, Section: quirk.Sections[q.Rule]})}
		if n.Free() {
			d.Head = chooses
			choices = append(choices, d)
			continue
		}
		if asked := f.Asked(); asked != nil && n == quirk.OtherCode {
			d.Rule, d.Place = ruleOf(f.Rule()), asked.Place
			d.Asked, d.Said = strconv.Itoa(asked.Code)+" "+asked.Enhanced.String(), strconv.Itoa(code(f))
		}
		all = append(all, d)
	}
	return append(all, choices...)
}

// mark is the head of the first departure of a frame; empty where there is none.
func mark(f *session.Frame) ID {
	if all := departures(f); len(all) > 0 {
		return all[0].Head
	}
	return ""
}

// Others are the names of those of its side that do the same as d, but for the
// one with this id.
func (d *Departure) Others(all *dialect.All, but string) (names []string) {
	if d.Side == quirk.Client {
		for _, c := range all.Clients {
			if p, err := all.Plan(client.Plan{}, c.ID, ""); c.ID != but && err == nil && p.Quirks.Has(d.Name) {
				names = append(names, c.Name)
			}
		}
		return names
	}
	for _, s := range all.Servers {
		if p, err := all.Policy(server.Policy{}, s.ID, ""); s.ID != but && err == nil && d.in(p) {
			names = append(names, s.Name)
		}
	}
	return names
}

// in reports whether a server of p departs in the same way.
func (d *Departure) in(p server.Policy) bool {
	for place, words := range p.Replies {
		name, _, _ := strings.Cut(string(place), " ")
		closes := strings.HasSuffix(words, server.HangUp)
		switch {
		case d.Name == quirk.OtherCode && server.Place(name) == d.Place && strings.HasPrefix(words, d.Said),
			d.Name == quirk.HangsUp && closes && name != "quit" && !strings.HasPrefix(words, "421"):
			return true
		}
	}
	return d.Name == quirk.OtherPrompt && !server.UsualPrompts(p.Login) || p.Quirks.Has(d.Name)
}
