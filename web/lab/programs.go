package lab

import (
	"cmp"
	"encoding/json"
	"strings"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/link"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// What is chosen among real programs; set-ups are in their JSON form.
type (
	act     struct{ Side, Setup string } // a side behaves like that of the set-up; empty: like the scenario's
	meeting struct {
		Setup string
		At    int // the frame to look at
	}
	couple struct{ Server, Client string } // the one's server meets the other's client
)

// programs is the place of what is told of real programs. A script of its own
// draws it, see programs.js.
type programs struct {
	app.Compo
	Say                     app.Func // the sentence of an id
	What                    string   // a tab of the dialog, or "story"
	Server, Client, Meeting string   // those of the session
}

// programs are those of the session.
func (p *Page) programs(what string) *programs {
	s := p.session.Setup()
	return &programs{Say: p.words, What: what, Server: s.Server.Dialect, Client: s.Client.Dialect, Meeting: s.Meeting}
}

func (v *programs) Render() app.UI {
	return app.Div().Class("programs").On("act", v.chosen).On("meet", v.chosen).On("pair", v.chosen)
}

func (v *programs) OnMount(ctx app.Context) { v.OnUpdate(ctx) }

func (v *programs) OnUpdate(ctx app.Context) {
	drawn := app.Window().Call("playgroundPrograms", ctx.JSSrc(), v.What, v.Say, v.Server, v.Client, v.Meeting)
	if v.What == "story" { // it takes room above the step that it is about
		drawn.Then(func(app.Value) { ctx.Dispatch(func(app.Context) { showCurrent() }) })
	}
}

// chosen closes the dialog and asks for what was chosen.
func (v *programs) chosen(ctx app.Context, e app.Event) {
	if d := ctx.JSSrc().Call("closest", "dialog"); d.Truthy() {
		d.Call("close")
	}
	detail := e.Get("detail")
	text := func(name string) string { return detail.Get(name).String() }
	switch e.Get("type").String() {
	case "act":
		ctx.NewActionWithValue(actionAct, act{text("side"), text("setup")})
	case "meet":
		ctx.NewActionWithValue(actionMeet, meeting{text("setup"), detail.Get("at").Int()})
	case "pair":
		ctx.NewActionWithValue(actionPair, couple{text("server"), text("client")})
	}
}

// imitate is the dialog of real programs.
func (p *Page) imitate() app.UI {
	tab := cmp.Or(p.tabOfPrograms, tabActs)
	return dialog(p.text, dialogActs, "ui.acts",
		&tabs{Text: p.text, Of: actsTabs, Open: tab},
		div("", p.real(tab)).ID(actsTabs.panel).Role("tabpanel").Aria("labelledby", "tab-"+tab))
}

// real is what a tab of it holds.
func (p *Page) real(tab string) app.UI {
	switch {
	case p.missing:
		return app.P().Class("acts-wait").Role("status").Text(p.text.T("ui.acts.missing"))
	case p.alike == nil:
		return app.P().Class("acts-wait").Role("status").Text(p.text.T("ui.acts.wait"))
	}
	return p.programs(tab)
}

// fetch asks once for what is said of real programs, and for who departs in the
// same way.
func (p *Page) fetch(ctx app.Context) {
	if p.alike != nil || p.fetching || app.IsServer {
		return
	}
	p.missing, p.fetching = false, true
	app.Window().Call("playgroundMore", "alike", "texts").Then(func(texts app.Value) {
		var alike view.Alike
		if texts.Truthy() {
			text := func(i int) []byte { return []byte(texts.Index(i).String()) }
			if json.Unmarshal(text(0), &alike) != nil || p.text.Add(text(1)) != nil {
				alike = nil
			}
		}
		ctx.Dispatch(func(ctx app.Context) {
			if p.alike, p.missing, p.fetching = alike, alike == nil, false; p.title() != "" { // its story takes room
				ctx.Defer(func(app.Context) { show(entryID(p.session.At())) })
			}
		})
	})
}

// behave re-runs the session with a side that behaves like another.
func (p *Page) behave(ctx app.Context, a act) {
	opening, known := scenario.ByID(p.scenario)
	if !known {
		opening, _ = scenario.ByID(scenario.Default)
	}
	like := opening.Setup()
	if a.Setup != "" {
		var err error
		if like, _, err = session.Read([]byte(a.Setup)); err != nil {
			return
		}
	}
	before := p.session.Setup()
	setup := before
	view.Imitate(&setup, session.Side(a.Side), like)
	p.rerun(ctx, setup, "", view.BesideSide(before, setup, session.Side(a.Side)))
}

// meet shows an act of a meeting, at the frame that it is about.
func (p *Page) meet(ctx app.Context, m meeting) {
	setup, _, err := session.Read([]byte(m.Setup))
	if err != nil {
		return
	}
	address, err := link.AddressOf(setup, nil, false)
	if err != nil {
		return
	}
	p.pause()
	p.follow(string(address))
	p.seek(ctx, m.At)
}

// cross runs the session of a pair, from the beginning of everything else, and
// goes to where it turned.
func (p *Page) cross(ctx app.Context, of couple) {
	setup, _, err := session.Read([]byte(of.Server))
	like, _, wrong := session.Read([]byte(of.Client))
	if err != nil || wrong != nil {
		return
	}
	view.Imitate(&setup, session.Client, like)
	p.follow(scenario.Default)
	p.rerun(ctx, setup, "", view.Words{})
	p.seek(ctx, p.story.Turn())
}

// lead goes to what was found. The set-up of what is no scenario is fetched.
func (p *Page) lead(ctx app.Context, to view.Place) {
	if to.In == view.FoundScenario {
		p.choose(ctx, to.ID)
		if to.At > 0 {
			p.seek(ctx, to.At)
		}
		return
	}
	app.Window().Call("playgroundSetup", string(to.In), to.ID).Then(func(text app.Value) {
		ctx.Dispatch(func(ctx app.Context) {
			if !text.Truthy() {
				p.note = view.Words{ID: "ui.scenarios.missing"}
				p.live = say(p.text, p.note)
				return
			}
			if to.In == view.FoundAct {
				p.meet(ctx, meeting{text.String(), to.At})
				return
			}
			like, _, err := session.Read([]byte(text.String()))
			if err != nil {
				return
			}
			p.follow(scenario.Default)
			p.rerun(ctx, view.Reach(like, to), "", view.Words{})
			p.seek(ctx, to.At)
		})
	})
}

// title is the id of the title of the meeting that the session comes from;
// empty where there is none, or nothing is said of it yet.
func (p *Page) title() string {
	id, _, _ := strings.Cut(p.session.Setup().Meeting, "/")
	if title := "meeting." + id + ".title"; id != "" && p.text.Has(title) {
		return title
	}
	return ""
}

// recall asks for the story of the session, where it has one.
func (p *Page) recall(ctx app.Context) {
	if p.session.Setup().Meeting != "" {
		p.fetch(ctx)
	}
}
