package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// ending says what a run has come to, and leads on.
type ending struct {
	app.Compo
	Text   i18n.Catalog
	Ending view.Ending
}

// showEnding scrolls the ending into sight, where there is room for it beside the
// last entry.
func showEnding() {
	if app.IsServer || !app.Window().GetElementByID("ending").Truthy() {
		return
	}
	if app.Window().Call("matchMedia", "(min-width: 43.75em) and (min-height: 40em)").Get("matches").Bool() {
		show("ending")
	}
}

func (e *ending) Render() app.UI {
	var all []app.UI
	add := func(title string, body ...app.UI) {
		all = append(all, app.H3().Class("ending-title").Text(e.Text.T(title)), div("ending-body", body...))
	}
	var proved, heard, ways []app.UI
	for _, w := range e.Ending.Proved {
		proved = append(proved, app.P().Text(say(e.Text, w)))
	}
	for _, w := range e.Ending.Ways {
		ways = append(ways, button("btn").ID("way-"+string(w)).DataSet("way", w).OnClick(e.lead).Text(e.Text.T("ui.way."+string(w))))
	}
	if len(proved) > 0 {
		add("ui.ending.proved", proved...)
	}
	for i, w := range e.Ending.Heard {
		p := app.P().Text(say(e.Text, w))
		if i == 0 {
			p.ID("ending-heard")
		}
		heard = append(heard, p)
	}
	add("ui.ending.heard", heard...)
	add("ui.ending.on", ways...)
	return app.Section().ID("ending").Class("ending").Aria("label", e.Text.T("ui.ending")).Body(all...)
}

func (e *ending) lead(ctx app.Context, _ app.Event) {
	ctx.NewActionWithValue(actionWay, view.Way(ctx.JSSrc().Get("dataset").Get("way").String()))
}
