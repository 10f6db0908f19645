package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// radios is a slot with a few choices, each one click away.
type radios struct {
	app.Compo
	Slot    view.Slot
	Label   string
	Choices []view.Choice
}

func (r *radios) Render() app.UI {
	id := "slot-" + string(r.Slot)
	all := make([]app.UI, len(r.Choices))
	for i, c := range r.Choices {
		radio := app.Input().ID(id + "-" + c.Value).Class("radios-input").Type("radio").Name(id).Value(c.Value).OnChange(r.chosen)
		if c.Chosen { // checked="false" would be checked too
			radio.Checked(true)
		}
		all[i] = app.Label().Class("radios-choice").Body(radio, span("radios-name", c.Text))
	}
	return app.Span().ID(id).Class("radios "+id).Role("radiogroup").Aria("label", r.Label).Body(all...)
}

func (r *radios) chosen(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionEdit, edit{r.Slot, ctx.JSSrc().Get("value").String()})
}
