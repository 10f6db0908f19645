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
	var items []app.UI
	for _, phase := range p.Phases {
		items = append(items, app.Li().Body(p.phase(phase)))
	}
	return app.Nav().ID("phases").Class("phases").Aria("label", p.Text.T("ui.phases")).Body(
		app.Ol().Body(items...),
	)
}

func (p *phases) phase(phase view.Phase) app.UI {
	class, state := "phase phase-later", ""
	b := app.Button().Type("button").DataSet("to", phase.First).OnClick(p.jump)
	switch {
	case p.At > phase.Last:
		class, state = "phase phase-done", " "+p.Text.T("ui.phase.done")
	case p.At >= phase.First:
		class = "phase phase-now"
		b.Aria("current", "step")
	}
	var dots []app.UI
	for i := phase.First; i <= phase.Last; i++ {
		dot := "dot"
		if i < p.At {
			dot = "dot dot-done"
		} else if i == p.At {
			dot = "dot dot-now"
		}
		dots = append(dots, app.Span().Class(dot))
	}
	label := []app.UI{span("phase-name", p.Text.T(string(phase.Name))), hidden(state)}
	return b.Class(class).Body(append(label, app.Span().Class("dots").Aria("hidden", true).Body(dots...))...)
}

func (p *phases) jump(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionJump, data(ctx, "to"))
}
