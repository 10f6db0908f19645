package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// tube is the TLS handshake in the conversation: it closes the wire, or does
// not. It unfolds into its records.
type tube struct {
	app.Compo
	Text i18n.Catalog
	At   int // the frame
	Tube view.Tube
	open bool
}

func (t *tube) Render() app.UI {
	body := []app.UI{t.title()}
	if t.Tube.Facts != nil {
		body = append(body, para("tube-suite", t.Tube.Facts.Suite))
	}
	if n := len(t.Tube.Records); n > 0 {
		body = append(body, button("tube-unfold").Aria("expanded", t.open).OnClick(t.toggle).Body(
			span("", t.Text.T("ui.tls.records", "n", n, "octets", t.Tube.Octets)), icon("unfold")))
	}
	if t.open {
		body = append(body, &wire{Text: t.Text, At: t.At, Records: t.Tube.Records})
	}
	return div("tube", body...)
}

func (t *tube) title() app.UI {
	switch {
	case t.Tube.Failure != nil:
		return app.P().Class("tube-title tube-broken").Body(icon("wrong"),
			span("", t.Text.T("ui.tls.broken", "failure", t.Text.T("tls.failure."+t.Tube.Failure.ID))))
	case t.Tube.Facts != nil:
		return app.P().Class("tube-title").Body(icon("lock"),
			span("", t.Text.T("ui.tls.closed", "version", t.Tube.Facts.Version)))
	}
	return para("tube-title", t.Text.T("ui.tls.begun"))
}

func (t *tube) toggle(ctx app.Context, e app.Event) { t.open = !t.open }
