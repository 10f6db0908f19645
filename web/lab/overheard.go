package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// overheard is the inspector of somebody who listens: the octets of the step as
// they passed on the wire, and what is known by now.
type overheard struct {
	app.Compo
	Text      i18n.Catalog
	Captured  view.Captured
	Knowledge view.Knowledge
	tall      bool // where it is a sheet: over most of the window
}

// enough is how many octets of what passed are shown.
const enough = 256

func (o *overheard) Render() app.UI {
	class := "panel inspector"
	if o.tall {
		class += " inspector-tall"
	}
	return app.Section().ID("inspector").Class(class).TabIndex(0).Aria("label", o.Text.T("ui.inspector")).Body(
		button("sheet-handle").Aria("expanded", o.tall).OnClick(o.stretch).Body(
			span("", o.Text.T("ui.sheet")), icon("unfold")),
		div("overheard", o.passed()...),
		&knowledge{Text: o.Text, Knowledge: o.Knowledge},
	)
}

func (o *overheard) stretch(ctx app.Context, e app.Event) { o.tall = !o.tall }

// passed is what went over the wire, octet by octet.
func (o *overheard) passed() []app.UI {
	all := []app.UI{app.H2().Class("why-title").Text(o.Text.T("ui.tap.step"))}
	if len(o.Captured.Passed) == 0 {
		return append(all, para("note", o.Text.T("ui.tap.none")))
	}
	sealed := false
	for _, p := range o.Captured.Passed {
		for _, r := range p.Records {
			sealed = sealed || r.Sealed
		}
	}
	if sealed {
		all = append(all, para("note", o.Text.T("ui.tap.keyless")))
	}
	for _, p := range o.Captured.Passed {
		way := o.Text.T("ui.tap.way."+string(p.From), "n", len(p.Octets))
		if p.Leg != "" {
			way = o.Text.T("ui.tap.way.leg", "leg", o.Text.T(string(p.Leg)), "n", len(p.Octets))
		}
		all = append(all, app.H3().Class("overheard-way").Body(tag(o.Text, p.From), span("", way)))
		all = append(all, dump(p.Octets[:min(len(p.Octets), enough)]))
		if more := len(p.Octets) - enough; more > 0 {
			all = append(all, para("note", o.Text.T("ui.tap.more", "n", more)))
		}
	}
	return all
}
