package lab

import (
	"unicode/utf8"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// field is a slot with a text.
type field struct {
	app.Compo
	Slot        view.Slot
	Label       string
	Value, Hint string
}

func (f *field) Render() app.UI {
	id := "slot-" + string(f.Slot)
	input := app.Input().ID(id).Class("slot slot-text "+id).Type("text").Value(f.Value).
		Size(max(utf8.RuneCountInString(f.Value)+1, 4)).
		AutoComplete(false).Attr("autocapitalize", "none").Attr("spellcheck", "false").
		Aria("label", f.Label).OnInput(f.input)
	if f.Hint == "" {
		return app.Span().Class("slot-place").Body(input)
	}
	return app.Span().Class("slot-place").Body(
		input.Aria("describedby", id+"-hint"),
		app.Span().ID(id+"-hint").Class("slot-hint").Text(f.Hint),
	)
}

func (f *field) input(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionEdit, edit{f.Slot, ctx.JSSrc().Get("value").String()})
}

// pick is a slot with a choice.
type pick struct {
	app.Compo
	Text    i18n.Catalog
	Slot    view.Slot
	Label   string
	Choices []view.Choice
}

func (p *pick) Render() app.UI {
	id := "slot-" + string(p.Slot)
	return app.Select().ID(id).Class("slot slot-choice "+id).Aria("label", p.Label).
		OnChange(p.chosen).Body(options(p.Text, p.Choices)...)
}

func (p *pick) chosen(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionEdit, edit{p.Slot, ctx.JSSrc().Get("value").String()})
}
