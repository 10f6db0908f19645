package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// fields are a message laid open: what each field is called, where it stands,
// its octets, and what they say.
func (i *inspector) fields(all []view.FieldRow) app.UI {
	rows := make([]app.UI, len(all))
	for n, f := range all {
		rows[n] = tracked(app.Tr(), f.Track).Body(
			app.Th().Scope("row").Text(i.Text.T(string(f.Name))),
			app.Td().Class("fields-at").Text(f.At),
			app.Td().Body(app.Span().Class("fields-octets").Body(runs(f.Octets)...), span("fields-reads", f.Reads)))
	}
	head := func(id string) app.UI { return app.Th().Scope("col").Text(i.Text.T(id)) }
	return app.Table().Class("fields").Body(
		app.THead().Body(app.Tr().Body(head("ui.fields.name"), head("ui.fields.at"), head("ui.fields.octets"))),
		app.TBody().Body(rows...))
}
