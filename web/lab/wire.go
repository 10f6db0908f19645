package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// wire lists TLS records: what a listener sees of each, and what is inside. One
// of them is laid open; its buttons step from record to record.
type wire struct {
	app.Compo
	Text    i18n.Catalog
	At      int // the frame that they passed in
	Records []view.Record

	frame int // that record belongs to
	open  int // record laid open
}

func (w *wire) Render() app.UI {
	if w.frame != w.At || w.open >= len(w.Records) {
		w.frame, w.open = w.At, 0
	}
	rows := make([]app.UI, len(w.Records))
	for i, r := range w.Records {
		rows[i] = w.row(i, r)
	}
	return div("wire-place",
		w.record(w.Records[w.open]),
		app.Table().Class("wire").Body(
			app.THead().Body(app.Tr().Body(
				app.Th().Scope("col").Body(hidden(w.Text.T("ui.tls.way"))),
				app.Th().Scope("col").Text(w.Text.T("ui.tls.seen")),
				app.Th().Scope("col").Text(w.Text.T("ui.bytes")),
				app.Th().Scope("col").Text(w.Text.T("ui.tls.inside")),
			)),
			app.TBody().Body(rows...),
		),
	)
}

// leg names the way of a record where somebody is in the middle of TLS.
func (w *wire) leg(r view.Record) app.UI {
	if r.Leg == "" {
		return nil
	}
	return para("note", w.Text.T(string(r.Leg)))
}

func (w *wire) row(i int, r view.Record) app.UI {
	inside := app.Td().Class("wire-inside")
	lock := app.UI(nil)
	if r.Sealed {
		lock = app.Span().Class("wire-sealed").Body(icon("lock"), hidden(w.Text.T("ui.tls.sealed")))
	}
	row := app.Tr().DataSet("record", i).OnClick(w.jump)
	class := "side-" + string(r.Toward.Other())
	if i == w.open {
		row.Aria("current", "true")
	}
	return row.Class(class).Body(
		app.Td().Class("wire-way").Body(app.Span().Class("wire-arrow").Aria("hidden", true),
			hidden(w.Text.T("ui.toward."+string(r.Toward)))),
		app.Td().Body(span("", w.Text.T(string(r.Seen))), w.leg(r)),
		app.Td().Class("wire-size").Text(r.Length),
		inside.Body(lock, span("", list(w.Text, r.Inside))),
	)
}

// record is the one that is laid open: its header, its octets on the wire, and
// those inside once decrypted.
func (w *wire) record(r view.Record) app.UI {
	kind, version, length := r.Header()
	secret := "ui.record.plain"
	if r.Sealed {
		secret = "ui.record.sealed"
	}
	what := w.Text.T(string(r.Seen))
	if len(r.Inside) > 0 {
		what = list(w.Text, r.Inside)
	}
	var inside []app.UI
	if n := len(r.Plain); n > 0 {
		inside = []app.UI{app.H4().Text(w.Text.T("ui.record.opened", "n", n)), w.box(r.Plain, "ui.record.opened")}
	}
	var steps []app.UI
	if last := len(w.Records) - 1; last > 0 {
		steps = []app.UI{
			off(button("btn-small record-back").OnClick(w.back).Text(w.Text.T("ui.record.back")), w.open == 0),
			off(button("btn-small record-next").OnClick(w.next).Text(w.Text.T("ui.record.next")), w.open == last),
		}
	}
	return app.Section().Class("record side-"+string(r.Toward.Other())).Aria("label", w.Text.T("ui.record.steps")).Body(
		div("record-steps", steps...),
		app.H4().Aria("live", "polite").Text(w.Text.T("ui.record", "n", w.open+1, "total", len(w.Records),
			"who", w.Text.T("ui.toward."+string(r.Toward)))),
		para("record-what", what),
		para("note", w.Text.T("ui.record.header", "type", kind, "version", version, "length", length)),
		para("note", w.Text.T(secret)),
		w.box(r.Octets, "ui.record.wire"),
		div("record-inside", inside...),
	)
}

// box is a dump that scrolls by itself where it is long.
func (w *wire) box(octets []byte, name string) app.UI {
	return div("record-box", dump(octets)).TabIndex(0).Role("group").Aria("label", w.Text.T(name, "n", len(octets)))
}

func (w *wire) back(ctx app.Context, e app.Event) { w.open = max(w.open-1, 0) }
func (w *wire) next(ctx app.Context, e app.Event) { w.open = min(w.open+1, len(w.Records)-1) }

func (w *wire) jump(ctx app.Context, e app.Event) { w.open = data(ctx, "record") }
