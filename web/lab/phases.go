package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// phases are the parts of the session, to jump by, with a dot for every step.
type phases struct {
	app.Compo
	Text   i18n.Catalog
	Phases []view.Phase
	At     int
}

func (p *phases) Render() app.UI {
	items := make([]app.UI, len(p.Phases))
	for i, one := range p.Phases {
		at := min(max(p.At, one.First-1), one.Last+1)
		items[i] = app.Li().Body(&phase{Text: p.Text, Phase: one, At: at})
	}
	return app.Nav().ID("phases").Class("phases").Aria("label", p.Text.T("ui.phases")).Body(
		app.Ol().Body(items...),
	)
}

// phase is one of them; a step elsewhere does not change it.
type phase struct {
	app.Compo
	Text  i18n.Catalog
	Phase view.Phase
	At    int // no further off than next to the phase
}

func (p *phase) Render() app.UI {
	class, state := "phase phase-later", ""
	b := app.Button().Type("button").DataSet("to", p.Phase.First).OnClick(p.jump).OnFocus(reveal)
	switch {
	case p.At > p.Phase.Last:
		class, state = "phase phase-done", " "+p.Text.T("ui.phase.done")
	case p.At >= p.Phase.First:
		class = "phase phase-now"
		b.Aria("current", "step")
	}
	var dots []app.UI
	for i := p.Phase.First; i <= p.Phase.Last; i++ {
		dot := "dot"
		if i < p.At {
			dot = "dot dot-done"
		} else if i == p.At {
			dot = "dot dot-now"
		}
		dots = append(dots, app.Span().Class(dot))
	}
	return b.Class(class).Body(
		span("phase-name", p.Text.T(string(p.Phase.Name))),
		hidden(state),
		app.Span().Class("dots").Aria("hidden", true).Body(dots...),
	)
}

func (p *phase) jump(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionJump, data(ctx, "to"))
}
