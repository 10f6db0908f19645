package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// bar moves through the session and says what comes next.
type bar struct {
	app.Compo
	Text    i18n.Catalog
	At, Len int
	Next    view.Words
	Note    view.Words
	Running bool
	Pace    string
}

func (b *bar) Render() app.UI {
	return app.Section().Class("bar").Aria("label", b.Text.T("ui.bar.label")).Body(
		&controls{Text: b.Text, First: b.At == 0, Last: b.At+1 == b.Len, Running: b.Running},
		&pacer{Text: b.Text, Pace: b.Pace},
		b.next(),
	)
}

// next says what the next step will bring, or what an edit has changed.
func (b *bar) next() app.UI {
	var parts []app.UI
	for _, p := range b.Text.Parts("ui.bar") {
		switch p.Name {
		case "":
			parts = append(parts, span("", p.Text))
		case "next":
			parts = append(parts, app.B().ID("next").Text(say(b.Text, b.Next)))
		case "n":
			parts = append(parts, app.Span().ID("position").Text(b.At+1))
		case "total":
			parts = append(parts, app.Span().ID("total").Text(b.Len))
		}
	}
	note := ""
	if b.Note.ID != "" {
		note = say(b.Text, b.Note)
	}
	return div("bar-next",
		app.P().Body(parts...),
		app.P().ID("note").Class("bar-note").Text(note),
	)
}

// controls are the buttons that move; a step in the middle changes none.
type controls struct {
	app.Compo
	Text                 i18n.Catalog
	First, Last, Running bool
}

func (c *controls) Render() app.UI {
	run := "run"
	if c.Running {
		run = "pause"
	}
	return div("bar-buttons",
		off(c.button("restart", "restart", "Home", c.restart), c.First),
		off(c.button("back", "back", "ArrowLeft", c.back), c.First),
		off(c.button("step", "step", "ArrowRight Space", c.step), c.Last),
		c.button("run", run, "R", c.run),
	)
}

func (c *controls) button(id, name, keys string, handler app.EventHandler) app.HTMLButton {
	return button("btn btn-"+id).ID(id).Attr("aria-keyshortcuts", keys).OnClick(handler).Body(
		icon(name),
		span("", c.Text.T("ui."+name)),
	)
}

func (c *controls) restart(ctx app.Context, e app.Event) { ctx.NewAction(actionRestart) }
func (c *controls) back(ctx app.Context, e app.Event)    { ctx.NewAction(actionBack) }
func (c *controls) step(ctx app.Context, e app.Event)    { ctx.NewAction(actionStep) }
func (c *controls) run(ctx app.Context, e app.Event)     { ctx.NewAction(actionRun) }
