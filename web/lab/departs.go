package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// departs tells where a step departs from the RFC.
type departs struct {
	app.Compo
	Text    i18n.Catalog
	Departs []view.Departure
	Above   string     // the rule that stands above in words already
	Others  [][]string // that do the same, for each
	Lacks   string     // the sentence that says why there is no more; empty: there is
}

// few is how many names are shown without folding them.
const few = 6

func (d *departs) Render() app.UI {
	body := make([]app.UI, len(d.Departs))
	for i := range d.Departs {
		body[i] = d.one(i)
	}
	return div("departs", body...)
}

func (d *departs) one(i int) app.UI {
	v := &d.Departs[i]
	name := "quirk." + string(v.Name)
	head := app.H3().Class("departs-head").Body(mark(v.Head), span("", d.Text.T(string(v.Head))))
	section := app.Section().Class("departure").DataSet("quirk", string(v.Name))
	var rows []app.UI
	row := func(label string, body ...app.UI) {
		rows = append(rows, app.Dt().Text(d.Text.T(label)), app.Dd().Body(body...))
	}
	rule := []app.UI{}
	if v.Rule.ID != d.Above && d.Text.Has(string(v.Rule.Text)) {
		rule = append(rule, span("", d.Text.T(string(v.Rule.Text))+" "))
	}
	rule = append(rule, span("why-id", v.Rule.ID))
	if v.Rule.Section != "" {
		rule = append(rule, span("", " "), sectionOf(v.Rule))
	}
	row("ui.departs.rule", rule...)
	if v.Asked != "" {
		row("ui.departs.does", span("departs-asked", d.Text.T("ui.departs.asked", "asked", v.Asked, "said", v.Said)))
	}
	if d.Lacks != "" {
		return section.Body(head, app.Dl().Body(rows...), app.P().Class("departs-lacks").Role("status").Text(d.Text.T(d.Lacks)))
	}
	if v.Asked == "" {
		row("ui.departs.does", span("", d.Text.T(name)))
	}
	row("ui.departs.effect."+string(v.Side), span("", d.Text.T(name+".effect")))
	row("ui.departs.others", d.others(d.Others[i]))
	return section.Body(head, app.Dl().Body(rows...))
}

// others are the names of those that do the same, folded where they are many.
func (d *departs) others(names []string) app.UI {
	separator := ", "
	if d.Text.Lang == "zh" {
		separator = "、"
	}
	text := strings.Join(names, separator)
	switch {
	case len(names) == 0:
		return span("", d.Text.T("ui.departs.alone"))
	case len(names) <= few:
		return span("", text)
	}
	return app.Details().Body(
		app.Summary().Text(d.Text.T("ui.departs.many", "n", len(names))),
		span("", text))
}

// mark is the sign of a departure, or of a choice.
func mark(head view.ID) app.UI {
	return app.Span().Class("mark mark-"+strings.TrimPrefix(string(head), "ui.")).Aria("hidden", true)
}

// sectionOf is where a rule comes from, with a link where it is an RFC.
func sectionOf(r view.Rule) app.UI {
	if r.Link == "" {
		return span("why-section", r.Section)
	}
	return app.A().Class("why-section").Href(r.Link).Rel("noopener").Target("_blank").Text(r.Section)
}

// departures is what is told of the step's, where there are any.
func (i *inspector) departures() app.UI {
	if len(i.Sight.Departs) == 0 {
		return nil
	}
	return &departs{Text: i.Text, Departs: i.Sight.Departs, Above: i.Sight.Rule.ID, Others: i.Others, Lacks: i.Lacks}
}

// others are, for each departure, the names of those that do the same.
func (p *Page) others(all []view.Departure) (others [][]string, lacks string) {
	switch {
	case len(all) == 0:
		return nil, ""
	case p.missing:
		return nil, "ui.departs.missing"
	case p.alike == nil:
		return nil, "ui.departs.wait"
	}
	setup := p.session.Setup()
	for i := range all {
		others = append(others, p.alike.Others(&all[i], &setup))
	}
	return others, ""
}

// needs fetches what is said of departures, where there are any.
func (p *Page) needs(ctx app.Context) {
	if p.missing || p.fetching {
		return
	}
	for i := range p.story.Entries {
		if p.story.Entries[i].Mark != "" {
			p.fetch(ctx)
			return
		}
	}
}
