package lab

import (
	"strings"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/link"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A reached is how one came to this session, and how others come to it.
type reached struct {
	notice  view.Words   // what is to be known about how one came
	address link.Address // of the session as it is now, typed passwords withheld
	madeUp  bool         // the typed passwords: then links may have them
}

// follow goes where a fragment leads. What cannot be followed leads to the
// beginning, and the page says why; the fragment stays in the address.
func (p *Page) follow(to string) {
	l, err := link.Read(to)
	p.link = reached{madeUp: p.link.madeUp}
	if setup, inputs, kept := p.kept(to); kept {
		l.Setup, l.Inputs, l.Edited, l.StoodIn, err = setup, inputs, true, false, nil
	}
	if bad, is := err.(*link.Error); is {
		p.link.notice = view.Words{ID: bad.ID, Args: bad.Args}
	}
	p.scenario, p.edited, p.inputs = l.Scenario, l.Edited, l.Inputs
	if p.make(l.Setup, l.At) != nil {
		l, _ = link.Read("")
		p.scenario, p.edited, p.inputs = l.Scenario, false, l.Inputs
		p.link.notice = view.Words{ID: "ui.link.impossible"}
		p.make(l.Setup, 0)
	} else if l.StoodIn {
		p.link.notice = view.Words{ID: "ui.link.stood-in"}
	}
	p.link.address = link.Address(p.scenario)
	if p.edited {
		p.settle()
	}
	p.note, p.fault, p.other = view.Words{}, fault{}, nil
}

// settle finds the address of the session as it is now.
func (p *Page) settle() {
	address, err := link.AddressOf(p.session.Setup(), p.inputs, false)
	p.edited = err != nil || string(address) != p.scenario
	if err != nil { // too long for a link: at least the scenario
		address = link.Address(p.scenario)
	}
	p.link.address = address
}

// notice says what is to be known about the link that was followed.
func (p *Page) notice() app.UI {
	if p.link.notice.ID == "" {
		return nil
	}
	return &notice{Text: p.text, Words: say(p.text, p.link.notice)}
}

// share makes the link that is given away.
func (p *Page) share(at int) *share {
	setup := p.session.Setup()
	s := &share{Text: p.text, Typed: link.Typed(setup), MadeUp: p.link.madeUp}
	address, err := link.AddressOf(setup, p.inputs, p.link.madeUp)
	if bad, is := err.(*link.Error); is {
		s.Problem = p.text.T(bad.ID, bad.Args...)
		return s
	}
	s.Link = here() + "#" + address.At(at)
	if keepsLinks() {
		data, _ := link.Document(setup, p.inputs, p.link.madeUp) // AddressOf has done the same
		s.Ask = asking{Body: string(data), Lang: p.text.Lang, At: at + 1, MadeUp: p.link.madeUp}
	}
	return s
}

// here is the address of the page without anything after its path.
func here() string {
	if app.IsServer {
		return ""
	}
	location := app.Window().Get("location")
	return location.Get("origin").String() + location.Get("pathname").String()
}

// keptKey is under what the session is handed to the page in another language:
// the fragment, a line end, and the JSON form with the passwords, which the
// fragment has not.
const keptKey = "playground setup"

// keep hands an edited session to the next page of this tab.
func (p *Page) keep() {
	data, err := session.Write(p.session.Setup(), p.inputs)
	if err == nil && link.Typed(p.session.Setup()) {
		storage("setItem", keptKey, p.link.address.At(p.session.At())+"\n"+string(data))
	}
}

// kept takes what the page before has handed over to this fragment, once.
func (p *Page) kept(to string) (session.Setup, []session.Input, bool) {
	text := storage("getItem", keptKey)
	if text == "" {
		return session.Setup{}, nil, false
	}
	storage("removeItem", keptKey)
	fragment, data, _ := strings.Cut(text, "\n")
	if fragment != to {
		return session.Setup{}, nil, false
	}
	setup, inputs, err := session.Read([]byte(data))
	return setup, inputs, err == nil
}
