package lab

import (
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
	input := &typed{ID: id, Class: "slot slot-text " + id, Label: f.Label, Slot: f.Slot, Value: f.Value, Sized: true}
	if f.Hint == "" {
		return app.Span().Class("slot-place").Body(input)
	}
	input.DescribedBy = id + "-hint"
	return app.Span().Class("slot-place").Body(
		input,
		app.Span().ID(id+"-hint").Class("slot-hint").Text(f.Hint),
	)
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
