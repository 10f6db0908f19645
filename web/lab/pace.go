package lab

import (
	"time"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// How fast the session runs by itself.
const (
	paceSlow   = "slow"
	paceNormal = "normal"
	paceFast   = "fast"
)

var paces = []string{paceSlow, paceNormal, paceFast}

// stands is how long a step stands while the session runs.
func (p *Page) stands() time.Duration {
	switch p.pace {
	case paceSlow:
		return pace * 5 / 2
	case paceFast:
		return pace * 2 / 5
	}
	return pace
}

// pacer chooses it.
type pacer struct {
	app.Compo
	Text i18n.Catalog
	Pace string
}

func (p *pacer) Render() app.UI {
	var options []app.UI
	for _, name := range paces {
		options = append(options, option(p.Text, view.Choice{Value: name, Name: view.ID("ui.pace." + name), Chosen: name == p.Pace}))
	}
	return app.Label().Class("pacer").Body(
		span("pacer-name", p.Text.T("ui.pace")),
		app.Select().ID("pace").Class("pacer-choice").OnChange(p.chosen).Body(options...),
	)
}

func (p *pacer) chosen(ctx app.Context, _ app.Event) {
	ctx.NewActionWithValue(actionPace, ctx.JSSrc().Get("value").String())
}
