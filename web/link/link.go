// Package link holds what addresses of the page lead to: a scenario, or another
// set-up packed into the fragment, and a step of it. What was typed and is secret
// is withheld from every address.
package link

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/strictjson"
)

// A Link is a session and a step of it, as the fragment of an address holds
// them: "wrong-password@12", steps from 1, for a scenario as it stands; for
// another set-up "1.DATA@12", where DATA is packed and 1 is the version of the
// form. Without a step it leads to the first.
type Link struct {
	Scenario string // the one that it is; else, with Edited, the one it is nearest to
	Edited   bool
	Setup    session.Setup
	Inputs   []session.Input // but for the steps at their end: a page goes on by itself
	At       int             // frame, from 0
	StoodIn  bool            // passwords that were withheld were replaced by made-up ones
}

// An Error says why a link cannot be read or made: the id of a sentence of the
// catalog, and pairs of a placeholder and a value for it.
type Error struct {
	ID   string
	Args []any
}

func (e *Error) Error() string { return "link: " + e.ID }

func unreadable(id string, args ...any) error { return &Error{"ui.link." + id, args} }

// cut cuts a fragment into version, data and step, or scenario and step.
func cut(fragment string) (version, data, id, step string, ok bool) {
	number := func(text string) bool { return len(text) <= 4 && only(text, numerals) }
	head, step, stepped := strings.Cut(fragment, "@")
	if stepped && !number(step) {
		return "", "", "", "", false
	}
	if version, data, _ = strings.Cut(head, "."); number(version) {
		return version, data, "", step, only(data, numerals+upper+lower+"_-")
	}
	return "", "", head, step, len(head) <= 64 && only(head, numerals+lower+".-") && only(head[:1], lower)
}

// linkVersion is the form that is written. It stays readable for ever.
const linkVersion = "1"

// Read reads a fragment; an empty one is the beginning of the default
// scenario, and so, with a *Error, is one that cannot be read.
func Read(fragment string) (Link, error) {
	start := startOf(scenario.Default)
	if fragment == "" {
		return start, nil
	}
	if len(fragment) > maxFragment {
		return start, unreadable("too-long")
	}
	version, data, id, step, ok := cut(fragment)
	if !ok {
		return start, unreadable("broken")
	}
	link, err := startOf(id), error(nil)
	switch {
	case version == linkVersion:
		if link, err = unpackLink(data); err != nil {
			return start, err
		}
	case version != "":
		return start, unreadable("version")
	case link.Scenario == "":
		return start, unreadable("scenario", "id", id)
	}
	if n, _ := strconv.Atoi(step); n > 0 {
		link.At = n - 1
	}
	return link, nil
}

// startOf is the beginning of a scenario; of an unknown one it is no link.
func startOf(id string) Link {
	s, known := scenario.ByID(id)
	if !known {
		return Link{}
	}
	return Link{Scenario: id, Setup: s.Setup(), Inputs: Begun(s.Inputs)}
}

// Begun is inputs without the steps at their end, with those that follow one
// another counted.
func Begun(inputs []session.Input) (begun []session.Input) {
	n := len(inputs)
	for n > 0 && inputs[n-1].Kind == session.Step {
		n--
	}
	for _, in := range inputs[:n] {
		last := len(begun) - 1
		if last >= 0 && in.Kind == session.Step && begun[last].Kind == session.Step {
			begun[last].Times = max(1, begun[last].Times) + max(1, in.Times)
			continue
		}
		begun = append(begun, in)
	}
	return begun
}

// An Address is a link without its step.
type Address string

// At is the fragment that leads to a frame, counted from 0.
func (a Address) At(frame int) string { return string(a) + "@" + strconv.Itoa(frame+1) }

// AddressOf is where a set-up with inputs is found. Passwords that stand in no
// scenario are withheld, unless the sender says that they are made up. Its
// error is a *Error: the set-up is too long for a link.
func AddressOf(setup session.Setup, inputs []session.Input, madeUp bool) (Address, error) {
	inputs = Begun(inputs)
	if id, known := sameAs(setup, inputs); known {
		return Address(id), nil
	}
	data, err := Document(setup, inputs, madeUp)
	if err != nil {
		return "", err
	}
	return Address(linkVersion + "." + pack(data)), nil
}

// Document is the JSON form that links hold, and that may leave the page:
// without the passwords that AddressOf withholds. Its error is a *Error.
func Document(setup session.Setup, inputs []session.Input, madeUp bool) ([]byte, error) {
	if !madeUp {
		setup = setup.Withhold(knownPasswords()...)
	}
	data, err := session.Write(setup, Begun(inputs))
	if err != nil {
		return nil, unreadable("too-much")
	}
	return data, nil
}

// Typed tells whether a set-up has passwords that stand in no scenario.
func Typed(setup session.Setup) bool {
	withheld := setup.Withhold(knownPasswords()...)
	_, any := withheld.StandIn()
	return any
}

// knownPasswords are those of the scenarios: everybody knows them.
var knownPasswords = sync.OnceValue(func() []string {
	var all []string
	for _, s := range scenario.All {
		setup := s.Setup()
		all = append(all, setup.Client.User.Password.Text)
		for _, a := range setup.Server.Accounts {
			all = append(all, a.Password.Text)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
})

func unpackLink(data string) (Link, error) {
	text, err := unpack(data)
	if err != nil {
		return Link{}, err
	}
	return linkOf(text)
}

// linkOf is where a JSON form leads.
func linkOf(text []byte) (Link, error) {
	setup, inputs, err := session.Read(text)
	if err == nil {
		err = setup.CheckWork()
	}
	if err != nil {
		return Link{}, refusedBy(err)
	}
	setup, stoodIn := setup.StandIn()
	inputs = Begun(inputs)
	id, same := sameAs(setup, inputs)
	if !same {
		id = nearest(setup, inputs)
	}
	return Link{Scenario: id, Edited: !same, Setup: setup, Inputs: inputs, StoodIn: stoodIn}, nil
}

// refusals are what is said of a set-up that cannot be read; of any other that
// it is refused.
var refusals = map[string]string{
	strictjson.Syntax:    "broken",
	strictjson.NotUTF8:   "not-text",
	strictjson.Surrogate: "not-text",
	strictjson.TooDeep:   "too-deep",
	strictjson.Twice:     "twice",
	session.WrongVersion: "version",
	session.TooMuchWork:  "work",
}

// refusedBy says why a set-up was not taken.
func refusedBy(err error) error {
	var bad *session.ReadError
	if !errors.As(err, &bad) || bad.Field == "" {
		return unreadable("broken")
	}
	return unreadable(cmp.Or(refusals[bad.ID], "refused"), "field", bad.Field)
}
