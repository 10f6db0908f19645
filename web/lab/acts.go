package lab

import (
	"cmp"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// An act lets a side behave like a real one; without an ID, like none.
type act struct {
	Side session.Side
	ID   string
}

// acts is the list of servers and clients to imitate, with a filter.
type acts struct {
	app.Compo
	Text     i18n.Catalog
	Dialects *dialect.All
	Setup    session.Setup
	query    string
}

func (a *acts) Render() app.UI {
	return div("",
		para("", a.Text.T("ui.acts.text")),
		app.Input().ID("acts-filter").Class("chooser-query").Type("search").Value(a.query).AutoComplete(false).
			Spellcheck(false).Aria("label", a.Text.T("ui.acts.filter")).Placeholder(a.Text.T("ui.acts.filter")).OnInput(a.filter),
		div("acts-sides", a.side(session.Server, a.Setup.Server.Dialect), a.side(session.Client, a.Setup.Client.Dialect)))
}

// side is the list of one of them; above it stands who imitates nobody.
func (a *acts) side(side session.Side, here string) app.UI {
	title := "acts-" + string(side)
	body := []app.UI{
		app.H3().ID(title).Class("acts-side").Text(a.Text.T("ui.acts." + string(side))),
		app.Ul().Class("acts-list").Body(app.Li().Body(a.row(side, view.Act{Name: a.Text.T("ui.acts.none"), Here: here == ""}))),
	}
	for _, g := range view.ActsOf(a.Dialects, side, a.Setup, a.query) {
		var rows []app.UI
		for _, r := range g.Rows {
			rows = append(rows, app.Li().Body(a.row(side, r)))
		}
		body = append(body, app.H4().Class("acts-group").Text(a.Text.T(string(g.Name))), app.Ul().Class("acts-list").Body(rows...))
	}
	return app.Section().Aria("labelledby", title).DataSet("side", string(side)).Body(body...)
}

func (a *acts) row(side session.Side, r view.Act) app.UI {
	row := button("acts-row").DataSet("side", string(side)).DataSet("act", r.ID).OnClick(a.choose)
	if r.Here {
		row.Aria("current", "true")
	}
	parts := []app.UI{span("acts-name", r.Name)}
	if r.Evidence != "" {
		parts = append(parts, span("acts-evidence", a.Text.T(string(r.Evidence))))
	}
	if r.Version != "" {
		parts = append(parts, span("acts-version", r.Version))
	}
	return row.Body(parts...)
}

func (a *acts) filter(ctx app.Context, _ app.Event) { a.query = ctx.JSSrc().Get("value").String() }

func (a *acts) choose(ctx app.Context, _ app.Event) {
	set := ctx.JSSrc().Get("dataset")
	closeDialog(ctx, app.Event{})
	ctx.NewActionWithValue(actionAct, act{session.Side(set.Get("side").String()), set.Get("act").String()})
}

// imitate is the dialog of real programs.
func (p *Page) imitate() app.UI {
	tab := cmp.Or(p.programs, tabActs)
	return dialog(p.text, dialogActs, "ui.acts",
		&tabs{Text: p.text, Of: actsTabs, Open: tab},
		div("", p.real(tab)).ID(actsTabs.panel).Role("tabpanel").Aria("labelledby", "tab-"+tab))
}

// real is what a tab of it holds.
func (p *Page) real(tab string) app.UI {
	switch {
	case p.missing:
		return app.P().Class("acts-wait").Role("status").Text(p.text.T("ui.acts.missing"))
	case p.dialects == nil:
		return app.P().Class("acts-wait").Role("status").Text(p.text.T("ui.acts.wait"))
	}
	if tab == tabMeetings {
		list, _ := view.MeetingsOf(p.dialects, p.session.Setup())
		return meetings(p.text, list)
	}
	return &acts{Text: p.text, Dialects: p.dialects, Setup: p.session.Setup()}
}

// fetch asks for the dialects, and what is said of them, once.
func (p *Page) fetch(ctx app.Context) {
	if p.dialects != nil || p.fetching || app.IsServer {
		return
	}
	p.missing, p.fetching = false, true
	app.Window().Call("playgroundMore", "servers", "clients", "texts", "meetings").Then(func(texts app.Value) {
		var all *dialect.All
		if texts.Truthy() {
			text := func(i int) []byte { return []byte(texts.Index(i).String()) }
			if read, err := dialect.Read(text(0), text(1)); err == nil && p.text.Add(text(2)) == nil && read.ReadMeetings(text(3)) == nil {
				all = read
			}
		}
		ctx.Dispatch(func(ctx app.Context) {
			if p.dialects, p.missing, p.fetching = all, all == nil, false; p.met() != nil { // its story takes room
				ctx.Defer(func(app.Context) { show(entryID(p.session.At())) })
			}
		})
	})
}

// behave re-runs the session with a side that behaves like another.
func (p *Page) behave(ctx app.Context, a act) {
	if p.dialects == nil {
		return
	}
	setup := p.session.Setup()
	if view.Imitate(&setup, p.dialects, a.Side, a.ID, p.scenario) != nil {
		return
	}
	p.rerun(ctx, setup, "")
}
