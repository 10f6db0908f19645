// Package lab is the page: go-app components, one per file. The root owns the
// session.
package lab

import (
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Register tells go-app which component stands at which path: /en/ and so on,
// /en/embed/ for frames, below the prefix under which the site is served.
func Register() {
	for _, lang := range i18n.Languages {
		for _, file := range []string{"", "index.html"} {
			app.RouteFunc("/"+lang+"/"+file, func() app.Composer { return NewPage(lang) })
			app.RouteFunc("/"+lang+"/embed/"+file, func() app.Composer { return NewEmbedded(lang) })
		}
	}
}

// NewPage returns the root component in one of i18n.Languages.
func NewPage(lang string) *Page {
	return &Page{text: i18n.Load(lang), from: view.Both, tab: tabMade, keys: true, pace: paceNormal}
}

// NewEmbedded returns its compact form, for frames in other pages.
func NewEmbedded(lang string) *Page {
	p := NewPage(lang)
	p.embedded = true
	return p
}

// Page is the root component. The session is run to its end as soon as it is
// made; from then on only its cursor moves.
type Page struct {
	app.Compo
	text          i18n.Catalog
	embedded      bool // in a frame
	scenario      string
	edited        bool
	inputs        []session.Input // of the scenario: what somebody else does
	session       *session.Session
	slots         *view.Setup // of its set-up, in the sentence
	story         *view.Story // the whole one
	from          view.Vantage
	seen          *view.Story    // as it looks from there
	tab           string         // open in the inspector
	other         *session.Setup // before TLS was swapped for clear text, or clear text for TLS
	way           view.Way       // that it was swapped by
	note          view.Words     // what an edit has changed beside the lines
	fault         fault          // what an edit could not change
	address       string         // its fragment, as the browser has it
	link          reached
	dialog        string // that is open
	keys          bool   // they step
	pace          string
	live          string // said to those who hear the page
	run           int    // counts runs and pauses; odd while it runs
	watch         stopwatch
	light         light
	tabOfPrograms string     // the open tab of their dialog
	alike         view.Alike // who departs in the same way, once that is fetched
	missing       bool       // it could not be
	fetching      bool
	words         app.Func // says the sentence of an id to scripts
}

// OnInit makes the session before anything is rendered.
func (p *Page) OnInit() {
	p.keys, p.address = keysKept(), fragment()
	p.follow(p.address)
}

// goTo follows the fragment that the address has now. go-app's OnNav would not
// do: it parses the whole address, and ends the program where it cannot.
func (p *Page) goTo(ctx app.Context) {
	if to := fragment(); to != p.address {
		p.pause()
		p.address = to
		p.follow(to)
		p.recall(ctx)
		p.moved(ctx)
	}
}

// OnMount tells the page around that the program can be used.
func (p *Page) OnMount(ctx app.Context) {
	p.listen(ctx)
	p.words = app.FuncOf(func(_ app.Value, args []app.Value) any { return p.text.T(args[0].String()) })
	p.light.listen()
	p.tellPlace()
	p.recall(ctx)
	MarkReady(ctx)
	p.needs(ctx)
	if p.session.At() > 0 { // at the first step the page is read from its beginning
		ctx.Defer(func(app.Context) { show(entryID(p.session.At())) })
	}
}

// OnDismount lets go of the session.
func (p *Page) OnDismount() { p.session.Close() }

// make replaces the session by one of another set-up, with the cursor at a
// frame. Where none can be made of it, an error says so and the old one stays.
func (p *Page) make(setup session.Setup, at int) error {
	s, err := session.New(setup, p.inputs...)
	if err != nil {
		return err
	}
	s.Run()
	s.Jump(at)
	if p.session != nil {
		p.session.Close()
	}
	slots := view.Slots(s.Setup())
	p.session, p.slots, p.story = s, &slots, view.Tell(s.Frames())
	p.see()
	return nil
}

// Render lays out the parts.
func (p *Page) Render() app.UI {
	p.watch.rendering()
	at := p.session.At()
	head := &header{Text: p.text, Scenario: p.scenario, Edited: p.edited, Place: p.link.address.At(at), Embedded: p.embedded}
	var story app.UI
	if title := p.title(); title != "" {
		head.Title, story = p.text.T(title), p.programs("story")
	} else if pair := view.Programs(p.session.Setup()); pair.ID != "" {
		head.Title = say(p.text, pair)
	}
	return app.Div().Class("page").Body(
		head,
		app.Main().Class("main").Body(
			div("notice-place", p.notice()),
			div("meeting-place", story),
			&sentence{Text: p.text, Setup: p.slots, Conceal: p.conceals(at)},
			&bar{Text: p.text, At: at, Len: len(p.story.Entries), Next: p.seen.Next(at), Running: p.running(), Pace: p.pace, Note: p.note},
			&phases{Text: p.text, Phases: p.story.Phases, At: at},
			app.Div().ID("stage").Class("stage").Body(p.talk(at), p.explain(at)),
		),
		div("dialogs", p.opened(at)),
		app.P().ID("live").Class("visually-hidden").Role("status").Text(p.live),
	)
}
