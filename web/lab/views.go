package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// views chooses from where one looks at the session.
type views struct {
	app.Compo
	Text i18n.Catalog
	From view.Vantage
}

func (v *views) Render() app.UI {
	all := []app.UI{app.Legend().Class("visually-hidden").Text(v.Text.T("ui.views"))}
	for _, from := range view.Vantages {
		radio := app.Input().ID("view-" + string(from)).Class("views-radio").Type("radio").Name("view").
			Value(string(from)).OnChange(v.choose)
		if from == v.From { // checked="false" would be checked too
			radio.Checked(true)
		}
		all = append(all, app.Label().Class("views-choice").Body(radio, span("views-name", v.Text.T("ui.view."+string(from)))))
	}
	return app.FieldSet().ID("views").Class("views").Body(all...)
}

func (v *views) choose(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionLook, view.Vantage(ctx.JSSrc().Get("value").String()))
}
