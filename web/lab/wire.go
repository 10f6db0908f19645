package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// wire lists TLS records: what a listener sees of each, and what is inside.
type wire struct {
	app.Compo
	Text    i18n.Catalog
	Records []view.Record
}

func (w *wire) Render() app.UI {
	rows := []app.UI{}
	for _, r := range w.Records {
		inside := app.Td().Class("wire-inside")
		lock := app.UI(nil)
		if r.Sealed {
			lock = app.Span().Class("wire-sealed").Body(icon("lock"), hidden(w.Text.T("ui.tls.sealed")))
		}
		rows = append(rows, app.Tr().Class("side-"+string(r.Toward.Other())).Body(
			app.Td().Class("wire-way").Body(app.Span().Class("wire-arrow").Aria("hidden", true),
				hidden(w.Text.T("ui.toward."+string(r.Toward)))),
			app.Td().Body(span("", w.Text.T(string(r.Seen)))),
			app.Td().Class("wire-size").Text(r.Length),
			inside.Body(lock, span("", list(w.Text, r.Inside))),
		))
	}
	return app.Table().Class("wire").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Body(hidden(w.Text.T("ui.tls.way"))),
			app.Th().Scope("col").Text(w.Text.T("ui.tls.seen")),
			app.Th().Scope("col").Text(w.Text.T("ui.bytes")),
			app.Th().Scope("col").Text(w.Text.T("ui.tls.inside")),
		)),
		app.TBody().Body(rows...),
	)
}
