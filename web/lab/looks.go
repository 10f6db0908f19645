package lab

import (
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// look goes to where one looks from.
func (p *Page) look(ctx app.Context, from view.Vantage) {
	p.from = from
	p.see()
	p.moved(ctx)
	ctx.Defer(func(app.Context) { showFocus() })
}

// see makes the story as it looks from where one stands.
func (p *Page) see() {
	p.seen = p.story.From(p.from)
}

// heard says frame at, for those who hear the page.
func (p *Page) heard(at int) view.Words {
	if p.from == view.Listener {
		return p.story.Capture(at).Entries[at].Words(len(p.story.Entries))
	}
	return p.seen.Live(at)
}

// conceals tells whether the password is known to nobody who looks from here.
func (p *Page) conceals(at int) bool {
	return p.from == view.Listener && p.story.Listens(at) != view.Has
}

// talk is the session up to frame at.
func (p *Page) talk(at int) app.UI {
	c := &conversation{Text: p.text, From: p.from}
	if at == len(p.story.Entries)-1 {
		ending := p.story.Ending(p.from, p.session.Setup())
		c.Ending = &ending
	}
	if p.from == view.Listener {
		capture := p.story.Capture(at)
		c.Capture, c.Swap = &capture, p.swapped()
		return c
	}
	c.Entries = p.seen.Entries[:at+1]
	c.Client, c.Server = p.seen.Lanes(at)
	return c
}

// explain is what is behind frame at.
func (p *Page) explain(at int) app.UI {
	if p.from == view.Listener {
		return &overheard{Text: p.text, Captured: p.story.Capture(at).Entries[at], Knowledge: p.knows(at)}
	}
	i := &inspector{Text: p.text, Sight: p.seen.Look(at), Tab: p.tab}
	i.Others, i.Lacks = p.others(i.Sight.Departs)
	switch p.tab {
	case tabKnows:
		knowledge := p.knows(at)
		i.Knowledge = &knowledge
	case tabRule:
		rules := p.seen.Neighbours(at)
		i.Rules = &rules
	case tabStates:
		i.Machines, i.Commands = p.seen.Machines(at), p.seen.Commands(at, p.session.Setup().Server)
	}
	return i
}

// knows is who knows what after frame at.
func (p *Page) knows(at int) view.Knowledge {
	return p.seen.Knows(at, p.from, p.session.Setup().Server.Accounts)
}

// swapped is what the button is called that swaps TLS and clear text.
func (p *Page) swapped() string {
	switch {
	case p.other == nil:
		return "ui.tap." + string(p.story.Other(p.session.Setup()))
	case p.way == view.InClear:
		return "ui.tap.back"
	}
	return "ui.tap.forth"
}

// swap shows the same log-in without TLS in place of the one with, or the other
// way round, and then the first one again.
func (p *Page) swap(ctx app.Context) {
	p.pause()
	setup := p.session.Setup()
	if p.other != nil {
		view.Reprotect(&setup, *p.other)
		p.other = nil
	} else {
		before := p.session.Setup()
		p.other, p.way = &before, p.story.Other(setup)
		p.way.Go(&setup)
	}
	p.again(setup)
	p.moved(ctx)
}

// again runs another set-up and goes to the place that corresponds.
func (p *Page) again(setup session.Setup) {
	at, story := p.session.At(), p.story
	if p.make(setup, at) != nil {
		p.note = view.Words{ID: "ui.note.impossible"}
		return
	}
	p.session.Jump(story.SamePlace(at, p.story))
	p.note, p.fault = view.Words{}, fault{}
	p.settle()
}

// goOn leads on from the end.
func (p *Page) goOn(ctx app.Context, way view.Way) {
	switch way {
	case view.AsHeard:
		p.look(ctx, view.Listener)
	case view.AllOfIt:
		p.look(ctx, view.Both)
	case view.InClear, view.WithTLS:
		p.swap(ctx)
	default:
		p.pause()
		setup := p.session.Setup()
		way.Go(&setup)
		p.again(setup)
		p.session.Jump(p.story.Checked())
		focus("step")
		p.moved(ctx)
	}
}
