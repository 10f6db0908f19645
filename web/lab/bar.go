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
	first, last := b.At == 0, b.At+1 == b.Len
	run := "run"
	if b.Running {
		run = "pause"
	}
	return app.Section().Class("bar").Aria("label", b.Text.T("ui.bar.label")).Body(
		div("bar-buttons",
			off(b.button("restart", "restart", "Home", b.restart), first),
			off(b.button("back", "back", "ArrowLeft", b.back), first),
			off(b.button("step", "step", "ArrowRight Space", b.step), last),
			b.button("run", run, "R", b.run),
		),
		b.pacer(),
		b.next(),
	)
}

func (b *bar) button(id, name, keys string, handler app.EventHandler) app.HTMLButton {
	return button("btn btn-"+id).ID(id).Attr("aria-keyshortcuts", keys).OnClick(handler).Body(
		icon(name),
		span("", b.Text.T("ui."+name)),
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

func (b *bar) restart(ctx app.Context, e app.Event) { ctx.NewAction(actionRestart) }
func (b *bar) back(ctx app.Context, e app.Event)    { ctx.NewAction(actionBack) }
func (b *bar) step(ctx app.Context, e app.Event)    { ctx.NewAction(actionStep) }
func (b *bar) run(ctx app.Context, e app.Event)     { ctx.NewAction(actionRun) }
