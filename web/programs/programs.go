// Package programs makes what the page fetches of real servers and clients. It
// is resolved here, when the site is written: every dialect is a set-up that is
// ready to run, so that the program in the browser knows nothing of dialects.
package programs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// Programs is programs.json, which programs.js shows.
type Programs struct {
	Groups   []string  `json:"groups"`  // of the chooser, in order
	Opening  Parts     `json:"opening"` // the set-up that the page opens with
	Servers  []Program `json:"servers"`
	Clients  []Program `json:"clients"`
	Meetings []Meeting `json:"meetings"`
}

// Parts are members of the JSON form of a set-up: those that differ from the
// opening's.
type Parts map[string]json.RawMessage

// A Program is one dialect, and the opening in it.
type Program struct {
	dialect.About
	Setup    Parts     `json:"setup"`
	Variants []Variant `json:"variants,omitempty"` // by name
}

// A Variant is another configuration of it, or what its user may ask of it.
type Variant struct {
	Name  string `json:"name"`
	Setup Parts  `json:"setup"`
}

// A Meeting is a story, whose words are by its id.
type Meeting struct {
	ID      string   `json:"id"`
	Sources []string `json:"sources"`
	Acts    []Act    `json:"acts"`
}

// An Act is one session of it, and the frame to look at.
type Act struct {
	ID       string           `json:"id"`
	Evidence dialect.Evidence `json:"evidence"`
	Server   string           `json:"server"` // their names
	Client   string           `json:"client"`
	Setup    Parts            `json:"setup"`
	At       int              `json:"at"`
}

// Of resolves all dialects and runs all meetings.
func Of(all *dialect.All) (*Programs, error) {
	opening, _ := scenario.ByID(scenario.Default)
	whole, err := parts(opening.Setup(), nil)
	if err != nil {
		return nil, err
	}
	p := &Programs{Groups: dialect.Groups, Opening: whole}
	for _, s := range all.Servers {
		one, err := p.program(s.About, slices.Sorted(maps.Keys(s.Variants)), func(setup *session.Setup, name string) error {
			return scenario.ActServer(setup, all, name)
		})
		if err != nil {
			return nil, err
		}
		p.Servers = append(p.Servers, one)
	}
	for _, c := range all.Clients {
		options := slices.DeleteFunc(slices.Sorted(maps.Keys(c.Options)), chosenInSentence)
		one, err := p.program(c.About, options, func(setup *session.Setup, name string) error {
			return scenario.ActClient(setup, all, name)
		})
		if err != nil {
			return nil, err
		}
		p.Clients = append(p.Clients, one)
	}
	for _, m := range all.Meetings {
		one, err := p.meeting(all, m)
		if err != nil {
			return nil, err
		}
		p.Meetings = append(p.Meetings, one)
	}
	return p, nil
}

// chosenInSentence reports whether an option is one that the page's set-up
// sentence has for every client.
func chosenInSentence(option string) bool { return option == "mechanism" || option == "STARTTLS" }

// program is a dialect and its variants, which act puts a set-up into.
func (p *Programs) program(about dialect.About, variants []string, act func(*session.Setup, string) error) (Program, error) {
	resolved := func(name string) (Parts, error) {
		opening, _ := scenario.ByID(scenario.Default)
		setup := opening.Setup()
		if err := act(&setup, name); err != nil {
			return nil, err
		}
		return parts(setup, p.Opening)
	}
	one := Program{About: about}
	var err error
	if one.Setup, err = resolved(about.ID); err != nil {
		return one, err
	}
	for _, name := range variants {
		setup, err := resolved(about.ID + "/" + name)
		if err != nil {
			return one, err
		}
		one.Variants = append(one.Variants, Variant{name, setup})
	}
	return one, nil
}

// meeting is a story with each act's set-up and frame.
func (p *Programs) meeting(all *dialect.All, m dialect.Meeting) (Meeting, error) {
	one := Meeting{ID: m.ID, Sources: m.Sources}
	for i, a := range m.Acts {
		setup, err := scenario.Meet(all, m, i)
		if err != nil {
			return one, err
		}
		s, err := session.New(setup)
		if err != nil {
			return one, err
		}
		s.Run()
		at := scenario.Point(s.Frames(), a)
		s.Close()
		if at < 0 {
			return one, fmt.Errorf("meeting %s/%s: not all of its lines pass", m.ID, a.ID)
		}
		setupParts, err := parts(setup, p.Opening)
		if err != nil {
			return one, err
		}
		host, _, _ := strings.Cut(a.Server, "/")
		peer, _, _ := strings.Cut(a.Client, "/")
		server, _ := all.Server(host)
		client, _ := all.Client(peer)
		one.Acts = append(one.Acts, Act{a.ID, a.Evidence, server.Name, client.Name, setupParts, at})
	}
	return one, nil
}

// parts cuts the JSON form of a set-up into its members, without those that
// base has as well.
func parts(setup session.Setup, base Parts) (p Parts, err error) {
	text, err := session.Write(setup, nil)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	maps.DeleteFunc(p, func(name string, value json.RawMessage) bool { return bytes.Equal(base[name], value) })
	return p, err
}
